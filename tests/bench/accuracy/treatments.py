"""What is asked for: treatment requests by category, as treating physicians write them.

A request whose category a careful reader could dispute stands under "" and has no truth.
`RECODED` moves those that DWC's taxonomy puts elsewhere, without another draw of the letters.
"""

from __future__ import annotations

import re
from random import Random

from .grammar import expand

RULES = {
    "side": ["left", "right", "bilateral"],
    "joint": ["knee", "shoulder", "ankle", "wrist", "elbow", "hip"],
    "spine": ["lumbar spine", "cervical spine", "thoracic spine"],
    "level": ["L4-L5", "L5-S1", "C5-C6", "L3-L4", "C6-C7", "L4-5", "L5-S1 and L4-L5"],
    "count": ["three", "four", "six", "eight", "ten", "twelve", "18", "24", "6", "12"],
    "oral": [
        "Norco {5|7.5|10}/325mg",
        "Tramadol {50mg|ER 150 mg|HCL 50mg}",
        "Cyclobenzaprine {7.5|10}mg",
        "Gabapentin {100|300|600} mg",
        "Omeprazole 20mg",
        "Naproxen sodium 550mg",
        "Ibuprofen {600|800}mg",
        "Percocet {5|10}/325 mg",
        "OxyContin {20|40}mg ER",
        "Tizanidine 4mg",
        "Soma 350mg",
        "Lyrica {75|150}mg",
        "Duloxetine DR {30|60}mg",
        "Zolpidem 10mg",
        "Ondansetron ODT {4|8}mg",
        "Hydrocodone/APAP 10/325mg",
        "Diclofenac XR 100mg",
        "Baclofen 10mg",
        "Trazodone 50mg",
        "Nucynta 75mg",
        "Methadone 10 mg",
        "Topiramate 50mg",
        "Celebrex 200mg",
        "Pantoprazole 20mg",
        "Morphine sulfate ER 30mg",
    ],
    "topical": [
        "Flurbiprofen 20%/Baclofen 10%/Dexamethasone 2% in cream base",
        "Lidoderm 5% patches",
        "Terocin patches",
        "Voltaren gel 1%",
        "Capsaicin 0.025%, Menthol 10%, Camphor 2.5% topical cream",
        "Ketoprofen 10%/Cyclobenzaprine 3%/Lidocaine 5% cream",
        "Gabapentin 15%, Amitriptyline 4%, Dextromethorphan 10% compound cream",
    ],
    "amount": ["#30", "#60", "#90", "#120", "#180", "# 60", "qty 90", "Qty: 60.00", "#45"],
    "gram": ["120gm", "180 grams", "240g", "30 gm tube"],
    "pace": [
        "{1..3} times a week for {2..8} weeks",
        "{2|3}x{4|6}",
        "{2|3} x week x {4|6} weeks",
        "{2|3} times per week for {3..6} weeks ({6|12|18} visits)",
        "once weekly, {4|6} weeks",
        "2-3 times per week for 4-6 weeks",
    ],
    "part": [
        "the {@spine}",
        "the {@side} {@joint}",
        "the neck and low back",
        "the cervical and lumbar spine",
    ],
    "specialist": [
        "a pain management specialist",
        "an orthopedic surgeon",
        "neurology",
        "a podiatrist",
        "internal medicine",
        "a spine surgeon",
    ],
}

REQUESTS: dict[str, list[str]] = {
    "pharmaceuticals": [
        "{@oral} {@amount}",
        "{@oral} {@amount}",
        "{@oral}, {@amount}",
        "{@oral} {@amount} with {1..5} refills",
        "1 prescription of {@oral} {@amount}",
        "{One|1} prescription for {@oral} {@amount} with one refill",
        "Prescription drug, generic: {@oral} {@amount}",
        "Retrospective request for {@oral} {@amount} (DOS {3..12}/{1..28}/2014)",
        "{@oral} 1 tablet by mouth every {6|8|12} hours as needed for pain, {@amount}",
        "{@topical}, {@gram}",
        "{@topical} {@gram} with 2 refills",
        "Compound medication: {@topical}, {@gram}",
        "Pharmacy purchase of {@oral} {@amount}",
        "Medication: {@oral}, {@amount}; take one at bedtime",
        "{@oral} {@amount} and {@oral} {@amount}",
        "{@oral} {@amount} ({30|60} day supply), dispensed {2..9}/{1..28}/2015",
    ],
    "rehabilitation": [
        "Physical therapy {@pace} for {@part}",
        "Physical therapy {@pace}",
        "{@count} additional physical therapy sessions for {@part}",
        "Additional physical therapy: {@pace}, {@part}",
        "Acupuncture {@pace}",
        "Acupuncture, {@count} sessions",
        "Chiropractic manipulation {@pace} for {@part}",
        "Chiropractic treatment, {@count} visits, {@part}",
        "Work hardening, {@count} sessions",
        "Work conditioning {@pace} for {@part}",
        "Occupational therapy {@pace} for the {@side} hand",
        "Aquatic therapy, {@count} visits ({@spine})",
        "Massage therapy {@pace}",
        "Post-operative physical therapy {@pace}; {@side} {@joint}",
        "Electro-acupuncture with infrared heat, {@count} sessions, {@spine}",
    ],
    "diagnostics": [
        "MRI of the {@spine}",
        "MRI: {@spine}",
        "MRI of the {@side} {@joint} without contrast",
        "MRI {@spine} (with and without gadolinium)",
        "EMG/NCV of the {bilateral upper|bilateral lower|left upper|right lower} extremities",
        "Electromyography (EMG), {left|right} {upper|lower} extremity",
        "X-ray of the {@side} {@joint}, 3 views",
        "CT scan, {@spine}",
        "Urine drug screen",
        "Urine toxicology screening: 12 panel, quarterly",
        "Bone scan of the {@side} {@joint}",
        "Nerve conduction velocity study of the {left|right} lower extremity",
        "Laboratory tests: CBC, CMP and liver panel",
        "Retrospective MR arthrogram, {@side} {@joint}",
    ],
    "dmepos": [
        "TENS unit, {30|60} day rental",
        "TENS unit purchase with electrodes (x{2..6})",
        "Interferential unit, 30 day rental",
        "H-wave device, one month home use",
        "Lumbar-sacral orthosis (LSO) brace",
        "Cold therapy unit: {7|14} day rental",
        "Associated surgical service: Cold therapy unit, {7|14|30} days",
        "DME: {front wheeled walker|crutches, one pair|shower chair|3-in-1 commode}",
        "Wrist brace, {left|right}",
        "Wheelchair, power operated",
        "Knee brace, hinged, {left|right}",
        "Orthopedic mattress: queen size",
        "Custom orthotics, one pair",
        "Supplies for TENS unit: electrodes (8 pairs/month), batteries",
        "Home cervical traction unit with air bladder (purchase)",
    ],
    "injections": [
        "Lumbar epidural steroid injection at {@level}",
        "Transforaminal epidural steroid injection, {@side}, {@level}, under fluoroscopy",
        "Cervical epidural steroid injection C7-T1 with {IV sedation|fluoroscopic guidance}",
        "Facet joint injections: {@level} bilaterally",
        "Medial branch blocks at {@level}",
        "Trigger point injections x{2..6}, trapezius",
        "Corticosteroid injection, {@side} {@joint}",
        "{Synvisc|Orthovisc|Supartz} injections x{3|5} to the {@side} knee",
        "Sacroiliac joint injection, {left|right}",
        "Ultrasound guided cortisone injection to the {@side} {@joint}",
        "Stellate ganglion block, {left|right}, series of three",
    ],
    "surgery": [
        "{Right|Left} knee arthroscopy, partial medial meniscectomy, and chondroplasty: outpatient",
        "{Right|Left} shoulder arthroscopy with subacromial decompression",
        "{Right|Left} shoulder arthroscopic rotator cuff repair, distal clavicle resection",
        "Anterior cervical discectomy and fusion at {C5-C6|C4-C5|C5-C6 and C6-C7}",
        "Lumbar laminectomy and discectomy, {@level}",
        "{Left|Right} carpal tunnel release",
        "{Right|Left} total knee {replacement|arthroplasty} (inpatient, {2..4} days)",
        "Posterior lumbar interbody fusion {@level} with instrumentation",
        "Trigger finger release: {left|right} ring finger",
        "Ulnar nerve transposition, {left|right} elbow",
    ],
    "evaluation_management": [
        "Consultation with {@specialist}",
        "Referral to {@specialist} for consultation",
        "Follow-up visit with {@specialist}",
        "Orthopedic {consultation|re-evaluation}",
        "Pain management consult: initial evaluation",
        "{Four|Two|Six} follow-up office visits",
        "Second opinion with a spine surgeon",
        "Specialist referral (dermatology)",
    ],
    "psychological": [
        "Cognitive behavioral therapy, {@count} sessions",
        "Psychotherapy {@pace}",
        "Psychological evaluation",
        "Biofeedback, {@count} sessions",
        "Individual psychotherapy: {@count} visits (45 minutes each)",
        "Group psychotherapy 1 x week x {4|6|12} weeks",
    ],
    "programs": [
        "Functional restoration program x {80|160} hours",
        "Functional restoration program: {10|20} days",
        "Weight loss program, {3|6} months",
        "Interdisciplinary pain rehabilitation program (initial {4|6} weeks)",
        "Gym membership for {6|12} months",
        "Detoxification program, inpatient, {7|14} days",
    ],
    "home_health": [
        "Home health aide, {4|6|8} hours a day, {3..7} days a week",
        "Home health care: RN visits, twice weekly for {2|4} weeks",
        "Home health nursing, {@count} visits",
    ],
    "other": [
        "Transportation to and from {medical appointments|physical therapy}",
        "Interpreter services for office visits",
    ],
    "": [
        "Pre-operative medical clearance",
        "Functional capacity evaluation",
        "Assistant surgeon",
        "Internal medicine clearance: EKG, chest X-ray, labs",
        "Spinal cord stimulator trial",
        "Extracorporeal shockwave therapy, {@side} {@joint}, x{3|4}",
        "Platelet rich plasma injection with post procedure bracing ({@side} {@joint})",
        "Radiofrequency ablation at {@level}",
        "Aftercare for {@side} {@joint} surgery, to include bracing, therapy {@pace}, and all "
        "medications prescribed by the operating surgeon through the end of the recovery period",
        "Inpatient stay: {1..4} nights",
        "Retrospective review, date of service {1..9}/{1..28}/2014: {@oral} {@amount}, {@topical} "
        "({@gram}), a urine drug screen, and injection of the {@side} {@joint} with 1 cc of "
        "lidocaine and 40 mg of Kenalog under ultrasound",
        "Post-op: {@pace} of therapy; sling with abduction pillow; cold unit (rental, {7|14} days)",
        "Sleep study (polysomnography), per {2..9}/{10..28}/14 report",
        "{@oral} {@amount}, one urine screen, and a follow-up in {4|6} weeks",
        "Unknown prescription of {@oral}",
        "Botox 200 units, {bilateral|cervical} (per RFA dated {1..9}/{1..28}/15): one procedure",
    ],
}

COMMON = {"pharmaceuticals": 7, "rehabilitation": 4, "diagnostics": 3, "dmepos": 3, "injections": 3,
          "surgery": 2, "evaluation_management": 2, "": 2}  # fmt: skip


# By how the request begins; None where the taxonomy leaves two categories.
RECODED: tuple[tuple[str, str | None], ...] = (
    ("Associated surgical service", "surgery"),
    ("Gym membership", "rehabilitation"),
    ("Transportation", "transportation"),
    ("Round-trip transportation", "transportation"),
    ("Consultation with {a spine|an orthopedic} surgeon", "surgery"),
    ("Referral to {a spine|an orthopedic} surgeon", "surgery"),
    ("Second opinion with a spine surgeon", "surgery"),
    ("Neurosurgical consultation", "surgery"),
    ("Follow-up visit with {a spine|an orthopedic} surgeon", None),
    ("Follow up with the orthopedist", None),
    ("Orthopedic {consultation|re-evaluation}", None),
    ("{Synvisc|Orthovisc|Supartz}", None),
)
RECODINGS = tuple(
    (re.compile(re.sub(r"\{(.*?)\}", r"(?:\1)", start)), category) for start, category in RECODED
)


def recoded(request: str, category: str | None) -> str | None:
    """The category by DWC's taxonomy of a request that was filed under another."""
    if category is None:
        return None
    return next((new for start, new in RECODINGS if start.match(request)), category)


def ask(rng: Random) -> tuple[str, str | None]:
    """A treatment request and its category, None where the category is open to dispute."""
    weights = [COMMON.get(category, 1) for category in REQUESTS]
    [category] = rng.choices(list(REQUESTS), weights)
    text = expand(rng.choice(REQUESTS[category]), rng, RULES)
    text = text[0].upper() + text[1:]
    return text, recoded(text, category or None)
