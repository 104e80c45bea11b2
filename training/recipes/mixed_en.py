"""English sentences that hold several kinds at once: who, where, when, and how to be reached.

An opening, up to five clauses and an end are drawn anew for each row, so that a kind is told by the
words around it and by its form, not by its place in a sentence.
"""

from training.recipes.entity_names import Names
from training.recipes.entity_sentences import filled
from training.recipes.tagging import Row

OPENINGS = """
Call {PER}
Ask {PER}
Please ring {PER}
Can you write to {PER}
Remind {PER} of {ORG}
Please contact {PER} at {ORG}
Email {PER} at {EMAIL}
E-mail {EMAIL}
Mail {EMAIL}
Phone {PHONE}
Ring {PER} on {PHONE}
Call me on {PHONE}
Reach {PER} at {PHONE}
Write to {EMAIL}
Send the books to {PER}
Post it to {ADDRESS}
Deliver the sofa to {ADDRESS}
{PER} lives at {ADDRESS}
{PER} now works for {ORG} in {LOC}
{PER} from {ORG} is coming
{PER}, {ORG}
{ORG}, {ADDRESS}
{ORG} has a new office at {ADDRESS}
Our shop is at {ADDRESS}
I am at {ADDRESS}
The interview with {PER} is at {TIME}
The lesson begins at {TIME} on {DATE}
The concert in {LOC} starts at {TIME}
The plane to {LOC} leaves at {TIME}
Lunch with {PER} at {TIME} on {DATE}
Come to {ADDRESS} at {TIME}
Be there by {TIME}
At {TIME} {PER} will meet you in {LOC}
On {DATE} we go to {LOC}
On {DATE} at {TIME} {PER} speaks at the {ORG}
We moved from {LOC} to {ADDRESS}
Visit us in {LOC}
{PER} is in {LOC} until {DATE}
{PER} arrives on {DATE}
My name is {PER}
This is {PER} from {ORG}
Dear {PER}, your order will be delivered on {DATE}
Name: {PER}
see {PER}
{DATE}, {TIME}: {PER}
""".strip().splitlines()
CLAUSES = (
    """
 at {TIME}
 at {TIME} on {DATE}
 on {DATE}
 on {DATE} at {TIME}
 before {TIME}
 by {TIME}
 after {TIME} on {DATE}
 between {TIME} and {TIME}
 from {TIME} to {TIME}
 until {DATE}
 on {PHONE}
 at {PHONE}
, phone {PHONE}
, tel. {PHONE}
, tel: {PHONE}
, mobile {PHONE}
 or call {PHONE}
 and her number is {PHONE}
; my number is {PHONE}
 ({PHONE})
 at {EMAIL}
 ({EMAIL})
, e-mail {EMAIL}
, email: {EMAIL}
 or write to {EMAIL}
 or email {EMAIL}
; questions go to {EMAIL}
, copy to {EMAIL}
 at {ADDRESS}
, {ADDRESS}
, address: {ADDRESS}
; the office is at {ADDRESS}
; his flat is at {ADDRESS}
 and come to {ADDRESS}
 near {ADDRESS}
 in {LOC}
 from {LOC}
, {LOC}
 with {PER}
 and {PER}
 for {ORG}
 of {ORG}
, {ORG}
 at the {ORG}
; ask for {PER}
 to bring the papers
 about the rent
 if it rains
 and wait outside
 as soon as you can
""".rstrip()
    .strip("\n")
    .splitlines()
)
ENDS = (".", ".", ".", ".", ".", "!", "?", "", "", " please.", ", thanks!", " as agreed.")
MOST_CLAUSES = 5


def mixed(names: Names) -> Row:
    """One sentence, or two that follow each other."""
    draw = names.random
    parts = [draw.choice(OPENINGS)]
    parts += draw.sample(CLAUSES, draw.randint(0, MOST_CLAUSES))
    parts.append(draw.choice(ENDS))
    if draw.random() < 0.15:
        parts += [" ", draw.choice(OPENINGS), draw.choice(CLAUSES), "."]
    return filled("".join(parts), names)
