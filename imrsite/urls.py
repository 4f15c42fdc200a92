from django.contrib import admin
from django.contrib.auth import views as auth
from django.urls import include, path

from imrsite import health

urlpatterns = [
    path("", include("cases.urls")),
    path("", include("reviews.urls")),
    path("admin/", admin.site.urls),
    path("login/", auth.LoginView.as_view(redirect_authenticated_user=True), name="login"),
    path("logout/", auth.LogoutView.as_view(), name="logout"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]
