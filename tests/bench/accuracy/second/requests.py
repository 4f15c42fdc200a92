"""What the second author's physicians ask for, with the category where it is beyond dispute."""

from __future__ import annotations

from random import Random

from ..grammar import expand
from ..treatments import recoded

RULES = {
    "side": ["Right", "Left", "Bilateral", "R", "L"],
    "qty": [
        "#{20|30|60|90|120|240}",
        "# {30|60}",
        "QTY: {30|60|90}",
        "quantity {56|84}",
        "x {12|30}",
    ],
    "pill": [
        "Ultracet 37.5/325mg",
        "Hydrocodone-Acetaminophen 5/325 mg",
        "Lunesta 2 mg",
        "Fexmid 7.5mg",
        "Prilosec DR 20 mg",
        "Opana ER 20mg",
        "Xanax 0.5mg",
        "Neurontin 300 mg",
        "Savella 50 mg",
        "Senokot-S",
        "Medrol Dosepak",
        "Wellbutrin XL 150mg",
        "Butrans patch 10 mcg/hr",
        "Zofran 8 mg",
        "Colace 100mg",
    ],
    "days": ["{2|3}x{3|4|6}", "{2|3} x a week for {4|6} weeks", "{6|8|12} visits"],
}
REQUESTS = {
    "pharmaceuticals": [
        "{@pill} {@qty}",
        "{@pill}, {@qty}, {1|2|3} refills",
        "{@pill} {@qty} (between 1/2/2015 and 3/{1|2}/2015)",
        "Medication: {@pill} {@qty}",
        "{1|2|3} Prescription(s) of {@pill} {@qty}, DOS: {3|4|5}/{1|2}4/14",
        "{@pill} {@qty}, take 1 tab p.o. q.h.s.",
        "One (1) prescription for {@pill} {@qty} between {1|2}/13/2015 and 4/{1|2}9/2015",
        "Menthoderm ointment 120 ml",
        "Topical compound: Cyclobenzaprine 2%, Lidocaine 5%; 120 gm",
        "Retrospective {@pill} {@qty}, previously noted as medically necessary by the treater",
    ],
    "rehabilitation": [
        "Chiropractic care {@days}, low back",
        "Outpatient physical therapy, {@days}, with CPT codes 97110, 97140 and G0283",
        "Aquatic therapy {@days}",
        "{4|6|8|12} acupuncture treatments",
        "Physiotherapy: cervical spine, {@days}",
        "Hand therapy {@days} ({@side})",
        "PT {@days}, neck - post-op",
        "Continued chiropractic manipulation, {@days}: low back, hip",
        "Physical therapy sessions (Upheld in part by UR at six), {@days}",
    ],
    "diagnostics": [
        "{@side} hip MRI w/o contrast",
        "NCV/EMG of {both|the left} lower extremities",
        "Repeat lumbar MRI (CPT 72148)",
        "Urine drug test, CPT 80101 x 9",
        "CT myelogram, L-spine",
        "X-rays: AP/lateral, flexion-extension views, lumbar",
        "Sleep study",
    ],
    "dmepos": [
        "{@side} thumb spica splint",
        "Purchase of a TENS unit, supplies x 3 months",
        "Cane, adjustable (E0100)",
        "Hospital bed - semi-electric, rental",
        "Hot/cold unit with wrap, 21 day rental",
        "DME: cervical pillow",
        "Lumbar brace - LSO, L0631",
        "Knee walker, 6 week rental",
    ],
    "injections": [
        "TFESI, {@side}, L4/5 & L5/S1",
        "Bilateral L3, L4, L5 medial branch block",
        "{@side} subacromial steroid injection under US guidance",
        "Trigger point injection x 4, left upper trapezius; date of service 2/3/2015",
        "Caudal epidural steroid injection",
    ],
    "surgery": [
        "{@side} shoulder arthroscopy, SAD, Mumford, possible labral repair",
        "L5-S1 ALIF with cage, allograft",
        "{@side} endoscopic carpal tunnel release (CPT 29848)",
        "Removal of hardware, {@side} ankle",
        "Meniscectomy, {@side} knee: arthroscopic",
    ],
    "evaluation_management": [
        "Neurosurgical consultation",
        "Referral to a gastroenterologist",
        "Follow up with the orthopedist in 6 weeks",
        "Pain management re-evaluation x 1",
    ],
    "psychological": ["CBT x 6 sessions", "Psychology consultation", "Psychotherapy, {@days}"],
    "programs": ["Gym membership x 6 months", "Functional restoration program, {80|160} hours"],
    "home_health": ["Home health assistance, 4 hours/day, 7 days/week, x 6 weeks"],
    "other": ["Round-trip transportation to all medical visits"],
    "": [
        "Compound: Gabapentin 10%/Lidocaine 2% in base - 180 grams; and a follow-up",
        "Post-operative: sling; ice; PT {@days}",
        "Pre-op labs (CBC, BMP, PT/PTT), EKG, chest film; and clearance with an internist, to be "
        "completed within thirty days of the operation, together with any further testing that "
        "the internist may find is needed for a safe anesthetic, and transport home thereafter",
        "{@pill} {@qty} and {@pill} {@qty}, as overturned on 3/3/2014",
        "1 session of ESWT to the {@side} heel",
        "Surgical assistant (PA-C)",
        "Vascutherm 4 with DVT prophylaxis: 30 days",
        "Unknown duration of care for {@side} elbow: brace, {@pill} {@qty}, ice",
    ],
}
WEIGHTS = {"pharmaceuticals": 6, "rehabilitation": 4, "diagnostics": 3, "dmepos": 3, "": 3}


def ask(rng: Random) -> tuple[str, str | None]:
    [category] = rng.choices(list(REQUESTS), [WEIGHTS.get(name, 1) for name in REQUESTS])
    text = expand(rng.choice(REQUESTS[category]), rng, RULES)
    return text, recoded(text, category or None)
