"""How drafts speak of requests and of what becomes of them."""

from __future__ import annotations

import re

from cases.letters.drafts.model import Outcome

NOT = (
    r"(?:not\s+(?:\w+\s+){0,2}?(?:medically\s*)?(?:necessary|appropriate|supported|established"
    r"|warranted|indicated|approved|authorized|recommended|certified|certifiable|justified|granted)"
    r"|(?:deemed|considered|found|determined)\s+(?:to\s+be\s+)?(?:not|un)\s*-?(?:medically\s+)?"
    r"(?:necessary|appropriate|supported|warranted)"
    r"|denied|non[\s-]?certified|non[\s-]?authorized|disapproved|medically\s+unnecessary)"
)
PARTLY = (
    r"(?:modified|partially\s+(?:certified|approved|authorized|denied)"
    r"|(?:certified|approved|authorized)\s+(?:with|in\s+part|as\s+modified)|certified/modified)"
)
YES = (
    r"(?:certified|approved|authorized|granted|(?:(?:deemed|considered|found|determined)\s+)?"
    r"(?:to\s+be\s+)?medically\s*(?:necessary|appropriate))"
)
BE = r"(?:is|are|was|were|has\s+been|have\s+been|be|remains?)"
ADVERB = r"(?:\s+(?:hereby|therefore|thus|being|respectfully|also|now|both|retrospectively))?"
DECIDED = (
    rf"{BE}{ADVERB}\s+(?:(?P<denied>{NOT})|(?P<modified>{PARTLY})|(?P<certified>{YES}))(?![\w-])"
)
VERDICT = re.compile(rf"\b{DECIDED}", re.IGNORECASE)
# "MRI of the lumbar spine: NON-CERTIFIED", "… – Denied", "… (modified to 6)"
TAIL = re.compile(
    rf"\s*(?::|[-–—]+(?=\s)|\||\t|\()\s*(?:(?:decision|determination)\s*:?\s*)?"
    rf"(?:(?P<denied>{NOT})|(?P<modified>{PARTLY})|(?P<certified>{YES}))(?![\w-])",
    re.IGNORECASE,
)
DECISION_LINE = re.compile(
    rf"\s*(?:(?:UR\s+)?(?:decision|determination|recommendation|outcome|status)\s*:)\s*(?:{BE}\s+)?"
    rf"(?:(?P<denied>{NOT}|deny|denial|non[\s-]?certif\w+)|(?P<modified>{PARTLY}|modify|modification)"
    rf"|(?P<certified>{YES}|certify|certification|approve|approval))",
    re.IGNORECASE,
)

# What a request is followed by and is no part of: who sent it and when.
SENDER = re.compile(
    r"\s*[,;(]?\s*\b(?:from|by|submitted|dated|received|per|as\s+(?:requested|recommended|ordered)"
    r"|that\s+was|which\s+was|was|were|prescribed)\s+(?:by\s+|on\s+|from\s+)?"
    r"(?=(?:the\s+)?(?:Drs?\.?\b|your|treating|requesting|primary|prescribing|physician|provider"
    r"|doctor|\d{1,2}[/-]|[A-Z][a-z]+\s+\d{1,2},)|submitted|received|dated).*$"
    r"|\s*[,;(]?\s*\b(?:dated|submitted|received)\b.*$"
    r"|\s*,?\s*\bas\s+(?:an?\s+outpatient\s+)?(?:related|outlined|described|noted)\b.*$"
    r"|\s*,?\s*\b(?:at\s+this\s+time|because|since|due\s+to\s+(?:a\s+)?lack|based\s+(?:up)?on"
    r"|as\s+(?:it|there|the)|for\s+the\s+following|in\s+accordance)\b.*$"
    r"|\s*[,;]\s*(?:and|but|which|this|who)\s+(?:is|are|was|were|has|have|the|it|a|we)\b.*$",
    re.DOTALL,
)
LEADING = re.compile(
    r"^(?:[\s:,;.–—-]|\b(?:the|an?|following|item|treatments?|services?|procedures?|of"
    r"|authori[sz]ation|for|continued\s+use\s+of)\b(?=\s))*(?:\(?\d{1,2}[.)]\s+)?",
    re.IGNORECASE,
)
# What a request can be for that is no treatment.
NO_TREATMENT = re.compile(
    r"\W*(?:(?:the|this|these|any|all|an?|above|following|additional|further|more|other|said|your"
    r"|requested|medical|proposed|such|treatments?|services?|procedures?|medications?|items?"
    r"|authori[sz]ation|information|records?|documentation|reconsideration|reviews?|appeals?"
    r"|determination|independent|utilization|is|are|was|same|care|expedited|each|both|it|they"
    r"|and|or|\(s\)|dwc|rfa|forms?|listed|below|request(?:s|ed)?|was|not|be|to|of|for)\b\W*)*",
    re.IGNORECASE,
)
EARLIER = re.compile(
    r"\b(?:prior|previous|earlier|past|last|any|no|if\s+(?:the|a)|should\s+(?:the|a)"
    r"|another|future|subsequent|similar)\s*$",
    re.IGNORECASE,
)

REQUEST_FOR = re.compile(
    r"\b(?:requests?|RFA)\s*(?:\(?s\)?)?\s*(?:\([^)]{1,30}\)\s*)?(?:form\s+)?"
    r"(?:for\s+authori[sz]ation\s*(?:\(RFA\)\s*)?)?"
    r"(?:(?:dated|received|submitted)\s+(?:on\s+)?[\d/-]{4,10}\s*,?\s*)?"
    r"(?:is\s+|was\s+|are\s+)?(?:made\s+)?(?:for|of|to\s+(?:authori[sz]e|approve|provide))\s+",
    re.IGNORECASE,
)
ASKED_BY = re.compile(
    r"\b(?:Dr\.?\s+[A-Z][\w'-]*|physicians?|provider|doctor|surgeon|PTP|chiropractor|office|we)"
    r"[^.;:\n]{0,40}?"
    r"\b(?:(?:has|have|is|are)\s+)?(?:also\s+)?(?:requested|requesting|requests|request"
    r"|asks\s+for|asking\s+for|seeks|seeking)\s+(?:authori[sz]ation\s+(?:for|of|to\s+\w+)\s+)?",
)
THE_REQUESTED = re.compile(r"\b(?:the|this|these)\s+(?:requested|proposed|prescribed)\s+", re.I)
REFUSING = re.compile(
    r"\b(?:(?P<denied>non-?certify|denying|(?:recommend|issue|issuing)\s+(?:denial|non-?certification)"
    r"\s+(?:of|for)|(?:unable|not\s+able)\s+to\s+(?:certify|authorize|approve|recommend)"
    r"|(?:cannot|can\s+not|do\s+not|does\s+not|will\s+not)\s+(?:certify|authorize|approve))"
    r"|(?P<modified>(?:recommend|issue)\s+modification\s+(?:of|for))"
    r"|(?P<certified>(?:recommend|issue)\s+(?:certification|approval)\s+(?:of|for)))\s+"
    r"(?:the\s+)?(?:requests?\s+for\s+)?",
    re.IGNORECASE,
)

WHAT = r"(?:procedures?|services?(?:\s*/\s*goods?)?|goods?|treatments?|items?|medications?|care)"
LABEL = re.compile(
    rf"\s*(?:[-•*]\s*)?(?:\(?\d{{1,2}}[.)]\s*)?(?P<label>"
    rf"{WHAT}(?:\s*\(s\))?(?:\s*/\s*{WHAT}(?:\s*\(s\))?)?\s+(?:being\s+|originally\s+)?"
    rf"(?:requested|in\s+dispute|at\s+issue|under\s+review|in\s+question|denied|non-?certified)"
    rf"|requested\s+{WHAT}(?:\s*\(s\))?(?:\s*/\s*{WHAT}(?:\s*\(s\))?)?|disputed\s+{WHAT}(?:\s*\(s\))?"
    rf"|(?:procedures?|services?)(?:\s*/\s*(?:services?|procedures?|treatments?))?(?:\s+description)?"
    rf"|proposed\s+{WHAT}|{WHAT}\s+proposed|authori[sz]ation\s+(?:is\s+)?requested(?:\s+for)?"
    rf"|(?P<said>denied|non-?\s?certified|modified|certified|approved)(?:\s+{WHAT}(?:\s*\(s\))?)?"
    rf"|treatment\s+requests?(?:\s*\(s\))?|original\s+requests?|current\s+requests?"
    rf"|requests?(?:\s*\(s\))?(?:\s+for\s+authori[sz]ation)?(?:\s+(?:under|in|for)\s+review)?"
    rf"|(?:request|item|issue|treatment|service)\s*#?\s*\d{{1,2}})"
    rf"\s*(?:\([^)\n]{{0,60}}\)\s*)?(?::|\t|[-–—](?=\s)|$)\s*",
    re.IGNORECASE,
)
DETAIL = re.compile(
    r"\s*(?:frequency(?:\s*/\s*duration)?|duration|quantity|qty|other\s+information|number\s+of\s+\w+"
    r"|dosage|strength|refills?)\s*(?:\([^)\n]{0,60}\)\s*)?:\s*(?P<value>\S.*)$",
    re.IGNORECASE,
)
ANY_LABEL = re.compile(r"\s*[A-Z][\w()/ #&'.-]{1,60}:(?:\s|$)")
PLURAL = re.compile(
    r"\b(?:requests|services|treatments|procedures|items|medications|goods)\b|\(s\)", re.IGNORECASE
)
ARE = re.compile(r"\s*(?:are|were|have)\b", re.IGNORECASE)
LIST_ITEM = re.compile(r"\s*(?:[•▪●◦‣·*–—-]\s+|\(?(?:\d{1,2}|[a-hA-H])[.)]\s+)(?=\S)")
INLINE_ITEM = re.compile(r"(?:^|[\s;,])(?:and\s+)?\(?\d{1,2}[.)]\s+(?=[A-Za-z])")
LEAD_IN = re.compile(
    r"(?:request|treatment|service|procedure|medication|den(?:y|ied|ial)|certif|necessary"
    r"|authori[sz]|approv|determin|unable|decision)",
    re.IGNORECASE,
)
NO_LEAD_IN = re.compile(
    r"\b(?:records?|documents?|documentation|reports?|guidelines?|citations?|references?|findings?"
    r"|criteria|diagnos\w+|history|enclos\w+|copies|cc|rights?|following\s+reasons?|reasons?"
    r"|rationale|appeal|contact|call|submitted\s+with)\b",
    re.IGNORECASE,
)


def outcome_of(match: re.Match[str]) -> Outcome:
    if match["denied"]:
        return "denied"
    if match["modified"]:
        return "modified"
    return "certified" if match["certified"] else ""
