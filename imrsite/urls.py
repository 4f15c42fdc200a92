from django.contrib import admin
from django.contrib.auth import views as auth
from django.urls import include, path

from imrsite.security.sign_in_flow import has_second_factor, has_single_sign_on
from imrsite.tokens import views as tokens
from imrsite.views import accounts, audit, guide, operations, people
from imrsite.web import errors, health
from imrsite.webhooks import views as webhooks

admin.autodiscover()
urlpatterns = [
    path("", include("cases.urls")),
    path("", include("reviews.urls")),
    path("admin/", admin.site.urls),
    path("login/", accounts.SignIn.as_view(), name="login"),
    path("logout/", auth.LogoutView.as_view(), name="logout"),
    path("people/", people.people, name="people"),
    path("people/<int:pk>/", people.edit, name="person"),
    path("people/<int:pk>/link/", people.new_link, name="invitation-renew"),
    path("people/<int:pk>/deactivate/", people.deactivate_person, name="person-deactivate"),
    path("people/<int:pk>/reactivate/", people.reactivate_person, name="person-reactivate"),
    path("invitation/<uidb64>/<token>/", accounts.Invitation.as_view(), name="invitation"),
    path("guide/", guide.guide, name="guide"),
    path("guide/<slug:name>.webp", guide.guide_picture, name="guide-picture"),
    path("password/", accounts.PasswordChange.as_view(), name="password"),
    path("session/", accounts.extend_session, name="session-stay"),
    path("audit/", audit.audit, name="audit"),
    path("audit/export.csv", audit.audit_export, name="audit-export"),
    path("tokens/", tokens.tokens, name="tokens"),
    path("tokens/<int:pk>/revoke/", tokens.revoke, name="token-revoke"),
    path("webhooks/", webhooks.webhooks, name="webhooks"),
    path("webhooks/<int:pk>/test/", webhooks.test, name="webhook-test"),
    path("webhooks/<int:pk>/remove/", webhooks.remove, name="webhook-remove"),
    path("webhooks/deliveries/<int:pk>/resend/", webhooks.send_again, name="delivery-resend"),
    path("api/v1/", include("imrsite.api.urls")),
    path("operations/", operations.operations, name="operations"),
    path("metrics", operations.metrics, name="metrics"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]
if has_single_sign_on() or has_second_factor():
    urlpatterns.append(path("", include("imrsite.sign_in.urls")))

handler400 = errors.bad_request
handler403 = errors.permission_denied
handler404 = errors.not_found
handler500 = errors.server_error
