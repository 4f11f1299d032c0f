"""SUP-2, onboarding, from its experiment to live and back: compliance says no, and later the world drifts."""

from roadlog.demo.steps import step

KEY = "SUP-2"
METRIC = "trials that send a first invoice"

EXPERIMENT = (
    step(
        "23 mon 10:15",
        "tomas",
        f"experiment start {KEY} own-steps",
        hypothesis="With steps of their own, 8 more of 100 trials send a first invoice",
        metric=METRIC,
        variant=("same-steps", "segment-guessed", "segment-asked"),
    ),
    step(
        "23 tue 11:35",
        "tomas",
        f"monitor define {KEY}",
        "share of users who leave their steps for the full list",
        where="the product analytics",
        owner="tomas",
    ),
    step(
        "24 thu 14:50",
        "oscar",
        f"edge-case log {KEY}",
        "A bookkeeper with two clients was taken for an agency and never saw the client import",
        severity=4,
        source="chat with support",
        risk="R1",
    ),
    step("24 fri 10:30", "tomas", f"edge-case triage {KEY} E1", outcome="dataset"),
    step(
        "26 tue 16:15",
        "tomas",
        f"edge-case review {KEY}",
        source="the experiment's sessions",
        sample=150,
        found=1,
    ),
    step(
        "26 thu 15:40",
        "tomas",
        f"experiment conclude {KEY} own-steps",
        decision="ship",
        summary="50 and 51 of 100 send an invoice instead of 42; asking people works as well as guessing",
        variant=(
            "same-steps=42:610:38:46",
            "segment-guessed=50:602:46:54",
            "segment-asked=51:598:47:55",
        ),
    ),
    step("26 fri 09:10", "jonas", f"request {KEY}"),
    step("26 fri 13:25", "devi", f"approve {KEY}"),
    step("27 mon 10:55", "lin", f"approve {KEY}"),
    step(
        "27 tue 14:05",
        "carla",
        f"reject {KEY}",
        because="It guesses what people do for a living from their bank transactions; nobody agreed to that",
        tell="Compliance says no, and why.",
    ),
)

REJECTION = (
    step(
        "27 wed 09:30",
        "jonas",
        f"return {KEY} integration",
        loop="rejection",
        learned="The variant that asks one question does as well as the one that guesses",
        change="Ask what somebody does; bank transactions are not looked at",
        because="Carla is right, and we do not need the transactions",
    ),
    step(
        "27 wed 09:45",
        "jonas",
        f"reframe {KEY}",
        approach="Ask what somebody does; a model picks the next step from that and the account's settings",
        because="Compliance rejected the use of bank transactions",
    ),
    step(
        "28 wed 11:15",
        "carla",
        f"notice define {KEY}",
        "A model picked these steps from your answer and settings. See all steps.",
        where="the head of the onboarding list",
        locale="en",
    ),
    step("28 thu 10:05", "lin", f"approve {KEY}", statement="The transactions feed is removed from the code"),
    step("28 thu 16:20", "oscar", f"approve {KEY}"),
    step("28 fri 09:00", "jonas", f"advance {KEY}"),
    step("28 fri 11:40", "devi", f"approve {KEY}"),
    step("29 mon 09:50", "lin", f"approve {KEY}"),
    step("29 mon 13:10", "oscar", f"approve {KEY}"),
    step(
        "29 tue 10:35",
        "carla",
        f"approve {KEY}",
        statement="What I asked for is done; I saw the change myself",
    ),
    step("29 tue 11:00", "jonas", f"advance {KEY}", tell="SUP-2 goes live too."),
)

DRIFT = (
    step(
        "31 fri 14:05",
        "lin",
        f"note {KEY}",
        "The new import wizard goes out on Monday, in place of steps 3 to 5",
    ),
    step("32 tue 15:10", "jonas", f"measure {KEY}", METRIC, "52", sample=480),
    step("34 mon 14:35", "jonas", f"measure {KEY}", METRIC, "44", sample=455),
    step(
        "34 wed 10:20",
        "jonas",
        f"return {KEY} training",
        loop="drift",
        learned="Since the new import wizard, three of the twelve steps are gone and one is new",
        change="Train on trials since the wizard; the list of steps comes from the product, not from a file",
        because="First invoices fell from 52 to 44 of 100 within two weeks",
        tell="The world changed: back to training, and the second cycle begins.",
    ),
    step(
        "34 fri 15:45",
        "tomas",
        f"evidence attach {KEY} evidence/trials-since-wizard.csv",
        kind="dataset",
        title="120 trial accounts since the import wizard",
    ),
    step("35 tue 11:30", "tomas", f"result {KEY}", from_="evidence/onboarding-2.csv"),
    step(
        "35 tue 16:50",
        "devi",
        f"approve {KEY}",
        statement="Agencies are within the noise; the others are fine",
    ),
    step(
        "35 wed 14:15",
        "tomas",
        f"result {KEY} step-agencies 0.69",
        sample=140,
        low=0.61,
        high=0.74,
        because="60 more agencies, because 80 left it open",
        tell="A larger sample changes what Devi approved: her vote is stale.",
    ),
    step("35 thu 10:10", "jonas", f"advance {KEY}", refused="2 requirements are not met"),
)

STEPS = (*EXPERIMENT, *REJECTION, *DRIFT)
