"""The roadmap is opened, and who comes and goes: people with a role each, and the help desk's own export."""

from roadlog.demo.steps import step

STEPS = (
    step(
        "1 mon 09:15",
        "mara",
        "init",
        key="SUP",
        name="Support and onboarding",
        workflow="demo.toml",
        tell="Mara opens the roadmap of a small company that sells invoicing software.",
    ),
    step("1 mon 09:20", "mara", "stakeholder add jonas", role="product"),
    step("1 mon 09:21", "mara", "stakeholder add devi", role="data-science"),
    step("1 mon 09:21", "mara", "stakeholder add erik", role="engineering"),
    step("1 mon 09:22", "mara", "stakeholder add carla", role="compliance"),
    step("1 mon 09:24", "mara", "stakeholder add oscar", role="customer-ops"),
    step("10 mon 09:40", "mara", "stakeholder add tomas", role="data-science"),
    step("14 mon 10:05", "jonas", "stakeholder add lin", role="engineering"),
    step(
        "22 mon 08:50",
        "mara",
        "stakeholder add helpdesk",
        kind="system",
        because="Its weekly export records agent hours, so that nobody copies them by hand",
    ),
    step(
        "30 fri 15:30", "mara", "stakeholder leave erik", because="His last day; Lin takes the monitor over"
    ),
)
