"""SUP-1, support load, from the user's flow to live: one experiment fails, one ships, and a bad afternoon."""

from roadlog.demo.steps import step

KEY = "SUP-1"
METRIC = "agent hours on tickets"

INTEGRATION = (
    step(
        "14 wed 15:10",
        "devi",
        f"evidence attach {KEY} evidence/model-card.json",
        kind="model",
        title="Answer model 2",
    ),
    step(
        "14 thu 11:20",
        "erik",
        f"fallback define {KEY}",
        "Talk to a person: the ticket opens with the question filled in",
        kind="human-handoff",
        trigger="No article matches, or the customer says no twice",
        owner="oscar",
    ),
    step(
        "14 thu 16:00",
        "carla",
        f"notice define {KEY}",
        "A machine wrote this from our help articles. It can be wrong.",
        where="the answer box on the help page",
        locale="en",
    ),
    step(
        "15 tue 10:50",
        "oscar",
        f"fallback test {KEY}",
        failed=True,
        because="On a phone, the ticket opened empty: what the customer had typed was gone",
    ),
    step("15 wed 14:25", "oscar", f"edge-case import {KEY} evidence/edge-cases.csv"),
    step(
        "16 tue 09:45",
        "oscar",
        f"fallback test {KEY}",
        passed=True,
        because="Fixed by Erik; tried on six phones",
    ),
    step("16 wed 10:00", "oscar", f"approve {KEY}"),
    step(
        "16 wed 15:25", "erik", f"approve {KEY}", statement="Answers within 1.8 seconds for 95 of 100 visits"
    ),
    step("16 thu 09:30", "mara", f"advance {KEY}"),
)

FIRST_EXPERIMENT = (
    step(
        "16 thu 13:10",
        "devi",
        f"experiment start {KEY} answer-first",
        hypothesis="Showing an answer before the ticket form saves a fifth of the tickets",
        metric="tickets per 100 help page visits",
        variant=("form-only", "answer-first"),
    ),
    step("17 tue 09:35", "oscar", f"edge-case triage {KEY} E1", outcome="fix"),
    step(
        "17 wed 11:00",
        "erik",
        f"monitor define {KEY}",
        "share of answers that customers or agents call wrong",
        where="the support dashboard",
        owner="erik",
    ),
    step(
        "19 fri 16:20",
        "devi",
        f"experiment conclude {KEY} answer-first",
        decision="stop",
        summary="No fewer tickets, and 41 of 100 who got an answer asked a person the same thing again",
        variant=("form-only=12.1:4210:11.1:13.1", "answer-first=11.8:4180:10.8:12.8"),
        tell="The first experiment fails. That is what it was for.",
    ),
    step(
        "20 mon 10:00",
        "mara",
        f"return {KEY} integration",
        loop="rework",
        learned="Customers want a person to have read the answer; Oscar's agents said so at the start",
        change="The agent gets the answer as a draft, and sends, changes or drops it",
        because="It moved nothing: 11.8 tickets per 100 visits instead of 12.1",
    ),
    step(
        "20 mon 10:30",
        "mara",
        f"reframe {KEY}",
        approach="A language model drafts an answer from our help articles for the agent",
        because="The first experiment failed with customers; the problem stays the same",
    ),
    step(
        "20 thu 14:15",
        "erik",
        f"fallback define {KEY}",
        "No draft: the agent writes the answer, as today",
        kind="human-handoff",
        trigger="No article matches, the article changed since, or the agent drops the draft",
        owner="oscar",
    ),
    step(
        "20 fri 11:05",
        "carla",
        f"notice define {KEY}",
        "Drafted by a machine from our help articles, read and sent by one of us.",
        where="the last line of an answer that began as a draft",
        locale="en",
    ),
    step("21 tue 10:20", "oscar", f"fallback test {KEY}", passed=True),
    step("21 wed 16:10", "lin", f"approve {KEY}"),
    step("21 thu 09:15", "oscar", f"approve {KEY}", statement="This is what the agents asked for"),
    step("21 thu 09:40", "mara", f"advance {KEY}"),
)

SECOND_EXPERIMENT = (
    step(
        "22 mon 09:30",
        "devi",
        f"experiment start {KEY} agent-drafts",
        hypothesis="With a draft at hand an agent spends a quarter less time on a ticket",
        metric="agent minutes per ticket",
        variant=("no-draft", "draft"),
    ),
    step(
        "23 wed 15:45",
        "oscar",
        f"edge-case review {KEY}",
        source="the first seven days' drafts",
        sample=400,
        found=1,
    ),
    step(
        "23 wed 15:50",
        "oscar",
        f"edge-case log {KEY}",
        "In a forwarded thread, the draft answered the oldest message",
        severity=2,
        source="the first seven days' drafts",
    ),
    step(
        "24 tue 11:50",
        "carla",
        f"risk accept {KEY} R3",
        until="{50 fri}",
        because="An agent reads every draft before it is sent; we look at it again when that changes",
    ),
    step(
        "25 thu 14:30",
        "devi",
        f"experiment conclude {KEY} agent-drafts",
        decision="ship",
        summary="12.4 minutes instead of 17.2 on a ticket; customers were as content as before",
        variant=("no-draft=17.2:1210:16.6:17.8", "draft=12.4:1180:11.9:12.9"),
        tell="The second one ships.",
    ),
    step("25 fri 09:05", "mara", f"request {KEY}", valid=30),
    step("25 fri 15:20", "tomas", f"approve {KEY}"),
    step("26 mon 11:10", "lin", f"approve {KEY}"),
    step(
        "26 mon 16:35",
        "oscar",
        f"approve {KEY}",
        statement="As long as an agent can switch drafts off",
    ),
    step(
        "26 wed 10:45",
        "carla",
        f"approve {KEY}",
        statement="Notice and acceptance of R3 as discussed on Tuesday",
    ),
    step("26 thu 08:55", "mara", f"advance {KEY}", tell="SUP-1 goes live."),
)

LIVE = (
    step("26 thu 09:30", "lin", f"rollout {KEY} 25"),
    step(
        "28 tue 10:15",
        "lin",
        f"rollout {KEY} 100",
        because="Nothing unusual in eight days with two of seven agents",
    ),
    step("30 mon 07:00", "helpdesk", f"measure {KEY}", METRIC, "214", sample=5),
    step(
        "30 fri 16:00",
        "lin",
        f"monitor define {KEY}",
        "share of drafts that agents drop or rewrite",
        where="the support dashboard",
        owner="lin",
    ),
    step(
        "31 tue 14:20",
        "oscar",
        f"incident open {KEY}",
        "Drafts promised refunds within 30 days for an afternoon; it has been 14 since Monday",
        aware="{31 tue}T13:50:00Z",
        severity=3,
        because="Eleven customers got the wrong period in writing",
        tell="A bad afternoon: an article changed, the drafts did not.",
    ),
    step(
        "31 tue 14:25",
        "oscar",
        f"fallback activate {KEY}",
        because="No drafts until the changed article is indexed",
    ),
    step("31 wed 09:10", "lin", f"fallback deactivate {KEY}"),
    step(
        "31 thu 11:30",
        "oscar",
        f"incident close {KEY} I1",
        because="All eleven customers have a corrected answer; an article's change now drops its drafts",
    ),
    step("32 mon 09:25", "oscar", f"measure {KEY}", METRIC, "1980", sample=5),
    step(
        "32 mon 09:27",
        "oscar",
        "undo",
        because="A zero too many",
        tell="Nothing is deleted: the slip stays in the trail, void.",
    ),
    step("32 mon 09:28", "oscar", f"measure {KEY}", METRIC, "198", sample=5),
    step(
        "34 tue 10:40",
        "oscar",
        f"checkin {KEY}",
        "First answers take five hours now; two agents have drafts off",
        role="customer-ops",
    ),
    step(
        "34 wed 15:00",
        "tomas",
        f"note {KEY}",
        "Agents rewrite 1 in 9 drafts, 1 in 7 of the German ones; no trend in eight weeks",
    ),
    step("35 mon 07:00", "helpdesk", f"measure {KEY}", METRIC, "188", sample=5),
)

STEPS = (*INTEGRATION, *FIRST_EXPERIMENT, *SECOND_EXPERIMENT, *LIVE)
