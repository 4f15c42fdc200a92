from django.urls import path

from cases.views.lists import list_urls
from reviews.lists.findings import FINDINGS
from reviews.lists.obligations import OBLIGATIONS
from reviews.lists.registry import ANNOTATIONS, REVIEWS
from reviews.views import (
    annotations,
    assigning,
    desk,
    labels,
    notifications,
    obligations,
    packets,
    reviews,
    threads,
)
from reviews.views.case import case_page
from reviews.views.inbox import inbox
from reviews.views.jsonld import annotation_jsonld
from reviews.views.team import team
from reviews.views.tour import tour

urlpatterns = [
    path("", inbox, name="inbox"),
    path("tour/", tour, name="tour"),
    path("cases/<str:case_number>/", case_page, name="case"),
    path("cases/<str:case_number>/annotate/", annotations.create, name="annotation-create"),
    path("cases/<str:case_number>/review/", reviews.write_review, name="review-write"),
    path("cases/<str:case_number>/review/take/", reviews.take, name="review-take"),
    path("cases/<str:case_number>/review/lead/", reviews.lead_actions, name="review-lead"),
    path("cases/<str:case_number>/presence/", reviews.presence, name="presence"),
    *list_urls(REVIEWS, "reviews/"),
    path("reviews/next/", reviews.take_next, name="review-next"),
    path("reviews/assign/", assigning.assign_many, name="review-assign"),
    path("reviews/assigned/", assigning.assigned, name="review-assigned"),
    path("team/", team, name="team"),
    path("reviews/agreement/", reviews.agreement, name="review-agreement"),
    *list_urls(ANNOTATIONS, "annotations/"),
    path("annotations/export.jsonld", annotation_jsonld, name="annotations-jsonld"),
    path("annotations/<int:pk>/", annotations.detail, name="annotation"),
    path("annotations/<int:pk>/edit/", annotations.edit, name="annotation-edit"),
    path("annotations/<int:pk>/delete/", annotations.delete, name="annotation-delete"),
    path("annotations/<int:pk>/restore/", annotations.restore, name="annotation-restore"),
    path("annotations/<int:pk>/resolve/", annotations.resolve, name="annotation-resolve"),
    path("annotations/<int:pk>/place/", annotations.place, name="annotation-place"),
    path("annotations/<int:pk>/replies/", threads.create, name="reply-create"),
    path("replies/<int:pk>/edit/", threads.edit, name="reply-edit"),
    path("replies/<int:pk>/delete/", threads.delete, name="reply-delete"),
    path("replies/<int:pk>/restore/", threads.restore, name="reply-restore"),
    path("mentions/names/", threads.names, name="mention-names"),
    path("mentions/<int:pk>/", threads.mention, name="mention"),
    *list_urls(OBLIGATIONS, "obligations/"),
    path("obligations/<int:pk>/", obligations.obligation, name="obligation"),
    path("obligations/<int:pk>/act/", obligations.act, name="obligation-act"),
    path("obligations/evidence/<int:pk>/", obligations.evidence, name="obligation-evidence"),
    path("cases/<str:case_number>/compliance/", obligations.compliance, name="compliance"),
    path("notifications/", notifications.notifications, name="notifications"),
    path("notifications/views/<int:pk>/", notifications.view_alert, name="view-alert"),
    path("notifications/off/<str:token>/", notifications.unsubscribe, name="unsubscribe"),
    *list_urls(FINDINGS, "findings/"),
    path("findings/repeats/", packets.repeats, name="repeats"),
    path("packets/", packets.packet_list, name="packets"),
    path("packets/new/", packets.new_packet, name="packet-new"),
    path("packets/<int:pk>/", packets.packet, name="packet"),
    path("packets/<int:pk>/act/", packets.act, name="packet-act"),
    path("packets/<int:pk>/packet.pdf", packets.pdf, name="packet-pdf"),
    path("packets/acknowledge/<str:token>/", packets.acknowledge, name="packet-acknowledge"),
    path("desk/", desk.desk, name="desk"),
    path("desk/memos/", desk.memo_list, name="memos"),
    path("desk/calibration/", desk.calibration, name="calibration"),
    path("desk/<int:pk>/", desk.memo, name="memo"),
    path("desk/<int:pk>/requests/", desk.memo_requests, name="memo-requests"),
    path("desk/<int:pk>/join/", desk.memo_join, name="memo-join"),
    path("desk/<int:pk>/memo.pdf", desk.memo_pdf, name="memo-pdf"),
    path("labels/", labels.label_list, name="labels"),
    path("labels/new/", labels.label_edit, name="label-new"),
    path("labels/<slug:slug>/", labels.label_edit, name="label-edit"),
    path("labels.css", labels.labels_css, name="labels-css"),
]
