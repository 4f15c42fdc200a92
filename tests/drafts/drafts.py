"""Ten drafts of the kinds that come to the desk, with what is in them and what is wrong.

The wording is made up. `faults` are (code, words of the citation); a draft without any is clean.
"""

from __future__ import annotations

from dataclasses import dataclass

Block = tuple[str, object]


@dataclass(frozen=True)
class Draft:
    name: str
    kind: str
    blocks: tuple[Block, ...]
    requests: tuple[str, ...]
    citations: tuple[tuple[str, tuple[tuple[int, int], ...]], ...] = ()
    faults: tuple[tuple[str, str], ...] = ()
    claim_number: str = ""

    def __str__(self) -> str:
        return self.name


def p(text: str) -> Block:
    return ("text", text)


def table(*rows: tuple[str, ...]) -> Block:
    return ("table", rows)


def listed(*items: str) -> Block:
    return ("list", items)


RFA_HEAD = (
    "Diagnosis (Required)",
    "ICD-Code (Required)",
    "Service/Good Requested (Required)",
    "CPT/HCPCS Code (If known)",
    "Other Information: (Frequency, Duration Quantity, etc.)",
)
ODG = "Official Disability Guidelines"
CPMTG = "Chronic Pain Medical Treatment Guidelines"

DRAFTS = (
    Draft(
        "form",
        "pdf",
        (
            p("State of California, Division of Workers’ Compensation"),
            p("REQUEST FOR AUTHORIZATION, DWC Form RFA"),
            p("Employee Information"),
            p("Name: (blank)     Claim Number: 24-770182-01"),
            p("Requesting Physician Information"),
            p("Specialty: Orthopedic surgery"),
            p("Requested Treatment (see instructions for guidance; attach pages if needed)"),
            table(
                RFA_HEAD,
                (
                    "Lumbar disc displacement with leg pain",
                    "M51.26",
                    "MRI of the lumbar spine without contrast",
                    "72148",
                    "1 study",
                ),
                (
                    "Sprain of left shoulder",
                    "S43.402A",
                    "Physical therapy, left shoulder",
                    "97110",
                    "2 times a week for 6 weeks",
                ),
                ("Chronic pain", "G89.4", "Cyclobenzaprine 7.5 mg #60", "", "1 refill"),
            ),
            p("Requesting Physician Signature: ______________ Date: 03/04/2026"),
            p("Claims Administrator/Utilization Review Organization Response"),
        ),
        (
            "MRI of the lumbar spine without contrast, 1 study",
            "Physical therapy, left shoulder, 2 times a week for 6 weeks",
            "Cyclobenzaprine 7.5 mg #60, 1 refill",
        ),
        claim_number="24-770182-01",
    ),
    Draft(
        "old edition",
        "pdf",
        (
            p("Notice of utilization review decision"),
            p("Claim No.: WC-2026-00419"),
            p(
                "Dear Doctor: We have received a request for authorization dated 02/10/2026"
                " for MRI of"
                " the lumbar spine without contrast. The request was reviewed by a physician."
            ),
            p("The request for MRI of the lumbar spine without contrast is non-certified."),
            p(
                "Clinical rationale: The records describe low back pain since a lifting event. No"
                " weakness, numbness or loss of reflexes was written down, and six weeks of"
                " conservative care have not passed. MTUS Low Back Complaints 2004, pages 303-305,"
                " support imaging where examination shows nerve compromise. A prior request for"
                " chiropractic treatment was denied in 2025."
            ),
        ),
        ("MRI of the lumbar spine without contrast",),
        (("Low Back Complaints", ((303, 305),)),),
        (("edition-superseded", "Low Back Complaints 2004"),),
        "WC-2026-00419",
    ),
    Draft(
        "page not in it",
        "pdf",
        (
            p("UTILIZATION REVIEW DETERMINATION"),
            p("Treatment requested:"),
            listed("Norco 10/325 mg #120", "Cyclobenzaprine 7.5 mg #60"),
            p("Determination: both requests are denied."),
            p(
                "The request for Norco 10/325 mg #120 is not medically necessary. MTUS Chronic Pain"
                " Medical Treatment Guidelines, page 212, ask for a record of function and of side"
                " effects. None was found."
            ),
            p(
                "The request for Cyclobenzaprine 7.5 mg #60 is not medically necessary. MTUS"
                " Chronic"
                " Pain Medical Treatment Guidelines, pages 41-42, limit it to a short course."
            ),
        ),
        ("Norco 10/325 mg #120", "Cyclobenzaprine 7.5 mg #60"),
        ((CPMTG, ((212, 212),)), (CPMTG, ((41, 42),))),
        (
            ("edition-superseded", "page 212"),
            ("page-outside", "page 212"),
            ("edition-superseded", "pages 41-42"),
        ),
    ),
    Draft(
        "MTUS passed over",
        "pdf",
        (
            p("The following treatments were reviewed and are not certified:"),
            listed(
                "L4-L5 transforaminal epidural steroid injection, left",
                "EMG/NCS of the bilateral lower extremities",
            ),
            p(
                "1. L4-L5 transforaminal epidural steroid injection, left: the findings on"
                " examination don’t fit the level. Per ODG, Low Back Chapter, Epidural steroid"
                " injections, radiculopathy must be documented."
            ),
            p(
                "2. EMG/NCS of the bilateral lower extremities: MTUS Low Back Disorders 2019,"
                " Section(s): Diagnostic and Treatment Considerations was consulted, and asks for"
                " unclear findings."
            ),
        ),
        (
            "L4-L5 transforaminal epidural steroid injection, left",
            "EMG/NCS of the bilateral lower extremities",
        ),
        ((ODG, ()), ("Low Back Disorders", ())),
        (("mtus-passed-over", "ODG, Low Back Chapter"),),
    ),
    Draft(
        "clean letter",
        "pdf",
        (
            p("Re: utilization review, claim number 88-1207"),
            p(
                "Dr. Ellison has requested authorization for acupuncture for the neck, 2"
                " times a week"
                " for 4 weeks."
            ),
            p(
                "The requested acupuncture for the neck, 2 times a week for 4 weeks, is modified to"
                " four visits."
            ),
            p(
                "MTUS Cervical and Thoracic Spine Disorders 2018, Section(s): Acupuncture allows a"
                " short course, continued where function gains are shown. The MTUS comes first."
            ),
        ),
        ("acupuncture for the neck, 2 times a week for 4 weeks",),
        (("Cervical and Thoracic Spine Disorders", ()),),
        claim_number="88-1207",
    ),
    Draft(
        "ACOEM of 2004",
        "docx",
        (
            p("Utilization Review Recommendation"),
            table(
                ("Treatment Requested", "Decision"),
                ("Right shoulder arthroscopy with subacromial decompression", "Non-certified"),
                ("Post-operative physical therapy, 12 visits, right shoulder", "Non-certified"),
            ),
            p("Rationale"),
            p(
                "For right shoulder arthroscopy with subacromial decompression: ACOEM Practice"
                " Guidelines, 2nd Edition, Chapter 9 Shoulder Complaints, page 211, ask that care"
                " without surgery fails first."
            ),
            p(
                "For post-operative physical therapy, 12 visits, right shoulder: as the"
                " operation is"
                " not certified, neither is this. MTUS Shoulder Disorders 2016 was consulted."
            ),
        ),
        (
            "Right shoulder arthroscopy with subacromial decompression",
            "Post-operative physical therapy, 12 visits, right shoulder",
        ),
        (("Shoulder Complaints", ((211, 211),)), ("Shoulder Disorders", ())),
        (
            ("edition-superseded", "Chapter 9 Shoulder Complaints"),
            ("mtus-passed-over", "Chapter 9 Shoulder Complaints"),
        ),
    ),
    Draft(
        "clean document",
        "docx",
        (
            p("Claim Number: KN-5561"),
            p("Service(s) requested:"),
            listed("Hinged knee brace, right knee", "MRI of the right knee without contrast"),
            p(
                "We are unable to certify the request for MRI of the right knee without contrast"
                " because plain films were not taken."
            ),
            p("References:"),
            p("1. MTUS Knee Disorders 2019"),
            p("2. Official Disability Guidelines (ODG), Knee & Leg Chapter, MRI’s"),
        ),
        ("Hinged knee brace, right knee", "MRI of the right knee without contrast"),
        (("Knee Disorders", ()), (ODG, ())),
        claim_number="KN-5561",
    ),
    Draft(
        "plain list",
        "text",
        (
            p("Lidocaine patch 5% #30"),
            p("Functional capacity evaluation"),
            p("Home health aide 4 hours a day, 5 days a week"),
            p("MRI cervical spine"),
        ),
        (
            "Lidocaine patch 5% #30",
            "Functional capacity evaluation",
            "Home health aide 4 hours a day, 5 days a week",
            "MRI cervical spine",
        ),
    ),
    Draft(
        "quotations",
        "text",
        (
            p("Request: Twelve work conditioning sessions for the lumbar spine"),
            p("Determination: Denied"),
            p(
                "The MTUS Chronic Pain Medical Treatment Guidelines, page 125, say “no"
                " letter of any"
                " kind was ever heard to use such words as these”. The same guideline is"
                " quoted with"
                "\n“{known}”."
            ),
        ),
        ("Twelve work conditioning sessions for the lumbar spine",),
        ((CPMTG, ((125, 125),)),),
        (("edition-superseded", "page 125"), ("quotation-unknown", "no letter of any kind")),
    ),
    Draft(
        "form as pasted",
        "text",
        (
            p("Diagnosis ICD-Code Service/Good Requested CPT/HCPCS Code Other Information"),
            p("Carpal tunnel syndrome, right G56.01 Right carpal tunnel release 64721 outpatient"),
            p("Knee pain M25.561 Hyaluronic acid injection, right knee 20610 series of 3"),
            p("Requesting Physician Signature: Date:"),
            p(""),
            p(
                "UR: the request for right carpal tunnel release is denied. Based on the Journal of"
                " Hand Surgery 2011, Smith et al., electrodiagnostic studies come first."
            ),
            p(
                "The requests for hyaluronic acid injection, right knee, and tramadol 50 mg #60 are"
                " denied. ODG, Knee & Leg Chapter, Hyaluronic acid injections was consulted."
                " The MTUS"
                " does not address this."
            ),
        ),
        (
            "Right carpal tunnel release, outpatient",
            "Hyaluronic acid injection, right knee, series of 3",
            "tramadol 50 mg #60",
        ),
        (("Journal of Hand Surgery 2011, Smith et al", ()), (ODG, ())),
        (
            ("unknown-guideline", "Journal of Hand Surgery"),
            ("mtus-passed-over", "Journal of Hand Surgery"),
        ),
    ),
)
