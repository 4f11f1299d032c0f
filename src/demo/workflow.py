"""The demo's workflow: `ai-product` with nothing changed but its name and how far back one may date."""

from msgspec.structs import replace

from roadlog.domain.workflow import Workflow

NAME = "ai-product-demo"
BACKDATE_DAYS = 400
COMMENT = f"""\
# The built-in workflow ai-product for the demo. It differs in two values:
#   name               so that nobody takes a demo for the real thing
#   max_backdate_days  {BACKDATE_DAYS} instead of {{usual}}: the demo types eight months in a few seconds.
#                      Where people work, what is dated back further takes a second person's consent.

"""


def as_file(built_in: Workflow) -> str:
    """The workflow as the file that `roadlog init --workflow` takes, made from `ai-product`."""
    from roadlog.domain.workflow_file import as_toml

    usual = built_in.policy.max_backdate_days
    policy = replace(built_in.policy, max_backdate_days=BACKDATE_DAYS)
    return COMMENT.format(usual=usual) + as_toml(replace(built_in, name=NAME, policy=policy))
