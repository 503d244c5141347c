"""The only reader of the environment. Every variable is documented in docs/operations.md; a test compares the two."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

PREFIX = "LETAN_"
_DATABASES = ("postgresql://", "postgres://", "postgresql+psycopg://")


class BadSettings(Exception):
    """The environment cannot be used; the text names each variable and what to do, in Vietnamese."""


class _FileSource(PydanticBaseSettingsSource):
    """Reads ``LETAN_X_FILE`` where ``LETAN_X`` itself is not set: the usual way to hand over a secret."""

    def get_field_value(self, field: Any, field_name: str) -> tuple[Any, str, bool]:
        """Read one variable from its file. Raises `BadSettings` when the file cannot be read."""
        path = os.environ.get(f"{PREFIX}{field_name.upper()}_FILE")
        if not path:
            return None, field_name, False
        try:
            return Path(path).read_text(encoding="utf-8").strip(), field_name, False
        except OSError as failure:
            name = f"{PREFIX}{field_name.upper()}_FILE"
            raise BadSettings(f"{name}: không đọc được tệp {path} ({failure.strerror}).") from failure

    def __call__(self) -> dict[str, Any]:
        """Return what the files hold."""
        found = {}
        for name, field in self.settings_cls.model_fields.items():
            value, key, _ = self.get_field_value(field, name)
            if value is not None:
                found[key] = value
        return found


class Settings(BaseSettings):
    """The environment of the front office. An unset channel is off."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore", env_ignore_empty=True)

    data: Path = Path(".letan/data")
    database_url: SecretStr | None = None
    public_url: str | None = None
    metrics_token: SecretStr | None = None
    widget_origins: str = ""

    engine_url: str = "http://127.0.0.1:5005"
    engine_token: SecretStr = SecretStr("")

    telegram_token: SecretStr | None = None
    telegram_api: str = "https://api.telegram.org"
    telegram_mode: Literal["polling", "webhook"] = "polling"
    telegram_secret: SecretStr | None = None

    zalo_app_id: str | None = None
    zalo_app_secret: SecretStr | None = None
    zalo_oa_secret: SecretStr | None = None
    zalo_refresh_token: SecretStr | None = None
    zalo_api: str = "https://openapi.zalo.me"
    zalo_oauth_api: str = "https://oauth.zaloapp.com"

    zalo_bot_token: SecretStr | None = None
    zalo_bot_secret: SecretStr | None = None
    zalo_bot_api: str = "https://bot-api.zaloplatforms.com"

    log_level: Literal["debug", "info", "warning", "error"] = Field(default="info")

    @field_validator("data")
    @classmethod
    def _is_no_abbreviation(cls, value: Path) -> Path:
        """Everybody who reads this means the same directory, whoever opens it."""
        try:
            return value.expanduser()
        except RuntimeError:
            raise ValueError("bắt đầu bằng ~ nhưng không có thư mục nhà nào như vậy") from None

    @field_validator("database_url")
    @classmethod
    def _is_postgresql(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not value.get_secret_value().startswith(_DATABASES):
            raise ValueError("phải là địa chỉ PostgreSQL, dạng postgresql://NGƯỜI_DÙNG:MẬT_KHẨU@MÁY/TÊN")
        return value

    @field_validator("public_url")
    @classmethod
    def _is_origin(cls, value: str | None) -> str | None:
        """Pages of ours are known by their origin, so a path could never match."""
        if value is not None and not _plain_origin(value):
            raise ValueError("phải có dạng https://tên-miền hoặc http://máy:cổng, không có đường dẫn phía sau")
        return value

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """A variable itself wins over its file."""
        return init_settings, env_settings, _FileSource(settings_cls)

    @property
    def media(self) -> Path:
        """Where files of conversations lie."""
        return self.data / "media"


def load() -> Settings:
    """Read the environment.

    Raises:
        BadSettings: something in it cannot be used.
    """
    try:
        return Settings()
    except ValidationError as failure:
        lines = []
        for error in failure.errors():
            name = PREFIX + "_".join(str(part) for part in error["loc"]).upper()
            # The value itself is never repeated: it may be a secret.
            lines.append(f"{name}: {_reason(error)}.")
        raise BadSettings("\n".join(lines)) from None


def _reason(error: ErrorDetails) -> str:
    context = error.get("ctx", {})
    if error["type"] == "literal_error":
        return f"chỉ nhận {str(context['expected']).replace(' or ', ' hoặc ')}"
    if error["type"] == "value_error":  # one of the checks above
        return str(context["error"])
    return f"giá trị không dùng được ({error['type']})"


def _plain_origin(value: str) -> bool:
    try:
        parts = urlsplit(value)
        usable = parts.port is None or parts.port > 0
    except ValueError:
        return False
    plain = parts.path in ("", "/") and not parts.query and not parts.fragment and "@" not in parts.netloc
    return usable and plain and parts.scheme in ("http", "https") and bool(parts.hostname) and " " not in value
