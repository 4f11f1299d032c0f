"""The evidence that people wrote: notes, a model card, and tables of results and edge cases to read in."""

TEXTS = {
    "interviews.md": """\
# Interviews with seven agents

Thirty minutes each, at their desks, over three days.

- All seven keep a private file with answers to paste; the longest has 63 entries.
- Six could name the ten questions that come most. Five of the ten were the same.
- "I spend the morning on refunds and the afternoon on what refunds left behind."
- What they fear: to be measured by it, and customers who were told nonsense.
""",
    "prototype.md": """\
# Two days' proof of concept

50 questions of last month, help articles as they stand, a model as it comes, no training.

| | of 50 |
|---|---|
| right article found | 31 |
| no article found, and said so | 8 |
| wrong article | 11 |

The eleven: seven are German, three mix up credit notes and refunds, one is about a feature we dropped.
""",
    "evaluation-1.csv": """\
criterion,value,sample,low,high
right-en,0.86,210,0.82,0.90
right-de,0.64,110,0.55,0.73
invented,0.061,320,0.040,0.090
""",
    "evaluation-2.csv": """\
criterion,value,sample,low,high
right-en,0.88,420,0.85,0.91
right-de,0.85,360,0.81,0.88
invented,0.010,780,0.005,0.019
""",
    "model-card.json": """\
{
  "name": "answer model 2",
  "intended_use": "answers to common questions, from our help articles",
  "trained_on": ["tickets.csv", "tickets-german.csv"],
  "languages": ["en", "de"],
  "evaluated_in": "evaluation-2.csv",
  "not_for": ["contract questions", "complaints", "anything about another customer"]
}
""",
    "edge-cases.csv": """\
description,severity,source,risk
"Asked about a refund after 14 days, was told 30",4,test by support,R1
"Question in German with an English product name, answered in English",2,test by support,R2
""",
    "onboarding-prototype.md": """\
# Click-through with nine users

Three freelancers, three agencies, three accounting firms; the steps were picked by hand.

Eight of nine sent a first invoice within 20 minutes; with the twelve steps, four of nine did.
The ninth, an accounting firm, looked for the client import first. It is step 11.
""",
    "onboarding-1.csv": """\
criterion,value,sample,low,high
step-freelancers,0.86,640,0.83,0.89
step-agencies,0.81,410,0.77,0.85
step-accounting,0.82,260,0.77,0.87
""",
    "onboarding-2.csv": """\
criterion,value,sample,low,high
step-freelancers,0.84,310,0.80,0.88
step-agencies,0.74,80,0.63,0.83
step-accounting,0.83,190,0.77,0.88
""",
}
