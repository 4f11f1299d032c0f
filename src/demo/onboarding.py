"""SUP-2, onboarding for three segments, up to its experiment: a block, and a rejection by compliance."""

from roadlog.demo.steps import step

KEY = "SUP-2"
SEGMENTS = ("freelancers", "agencies", "accounting firms")
RIGHT = "next step chosen right"

FEASIBILITY = (
    step(
        "6 wed 09:50",
        "jonas",
        "define",
        "We want to personalize onboarding for 3 key user segments",
        problem="59 of 100 trial accounts never send a first invoice: freelancers, agencies and accounting "
        "firms all get the same twelve steps, and most of those are not for them.",
        metric="trials that send a first invoice",
        unit="%",
        baseline=41,
        target=55,
        by="{46 fri}",
        segment=SEGMENTS,
        approach="A model picks the next step for each account from its settings and bank transactions",
        owner="jonas",
        tell="Meanwhile, Jonas puts the second initiative on the roadmap.",
    ),
    step("9 mon 14:10", "jonas", f"place {KEY} now", rank=2),
    step("9 mon 14:12", "jonas", f"advance {KEY}"),
    step(
        "10 thu 16:30",
        "tomas",
        f"evidence attach {KEY} evidence/trials.csv",
        kind="dataset",
        title="300 trial accounts with their steps",
    ),
    step(
        "11 fri 10:05",
        "carla",
        f"classify {KEY}",
        purpose="Choose which onboarding step a new user sees next",
        affected="People who try the product",
        class_="minimal",
        basis="Nothing is decided about anybody; every step stays within reach for everyone",
        our_role="provider",
    ),
    step(
        "12 mon 09:30",
        "jonas",
        f"expect {KEY}",
        iterations="2-4",
        outcome="50-58",
        told=("compliance", "customer-ops", "engineering", "data-science"),
    ),
    step("12 mon 09:35", "jonas", f"request {KEY}"),
    step("12 mon 15:15", "tomas", f"approve {KEY}"),
    step(
        "12 wed 11:20",
        "jonas",
        f"block {KEY}",
        by="the analytics vendor, who has not signed the data processing agreement",
    ),
    step("14 mon 16:40", "carla", f"unblock {KEY}", because="Signed on Friday, filed with legal"),
    step("14 tue 10:10", "carla", f"approve {KEY}"),
    step("14 tue 10:30", "jonas", f"advance {KEY}"),
)

TRAINING = (
    step(
        "15 thu 17:10",
        "lin",
        f"evidence attach {KEY} evidence/onboarding-prototype.md",
        kind="prototype",
        title="Click-through with nine users",
    ),
    step("16 mon 11:00", "erik", f"approve {KEY}"),
    step("16 mon 11:25", "jonas", f"advance {KEY}"),
    step(
        "16 wed 13:40",
        "tomas",
        f"risk log {KEY}",
        "Sends accounting firms down the freelancers' path, because there are few of them in the data",
        from_="decision-bias",
        likelihood=4,
        impact=3,
        owner="tomas",
    ),
    step(
        "16 wed 13:50",
        "tomas",
        f"risk log {KEY}",
        "Explains a setting that the product does not have",
        from_="hallucination",
        likelihood=2,
        impact=3,
        owner="lin",
    ),
    *(
        step(
            f"16 thu 10:{5 + place:02}",
            "tomas",
            f"criterion set {KEY} step-{segment.split()[0]}",
            milestone="training",
            metric=RIGHT,
            operator=">=",
            threshold=0.75,
            segment=segment,
        )
        for place, segment in enumerate(SEGMENTS)
    ),
    step("19 thu 15:55", "tomas", f"result {KEY}", from_="evidence/onboarding-1.csv"),
    step(
        "20 tue 09:20",
        "tomas",
        f"risk mitigate {KEY} R1",
        treatment="Accounting firms weigh three times in training, and have a criterion of their own",
        likelihood=2,
        impact=3,
    ),
    step("20 tue 16:05", "devi", f"approve {KEY}", statement="All three lower bounds are above 0.75"),
    step("20 wed 10:00", "jonas", f"advance {KEY}"),
)

INTEGRATION = (
    step(
        "21 wed 14:00",
        "lin",
        f"fallback define {KEY}",
        "The twelve steps in their old order",
        kind="rule-based",
        trigger="The model is unsure, slow or down",
        owner="lin",
    ),
    step(
        "22 tue 10:40",
        "jonas",
        f"notice define {KEY}",
        "We picked these steps for you. See all steps.",
        where="the head of the onboarding list",
        locale="en",
    ),
    step(
        "22 wed 15:30",
        "lin",
        f"fallback test {KEY}",
        passed=True,
        because="Model switched off for an hour on staging",
    ),
    step("22 thu 11:45", "lin", f"approve {KEY}"),
    step("22 fri 09:20", "oscar", f"approve {KEY}"),
    step("22 fri 09:45", "jonas", f"advance {KEY}"),
)

STEPS = (*FEASIBILITY, *TRAINING, *INTEGRATION)
