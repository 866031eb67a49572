"""Where the states live: some as local files, the others in the security account's bucket."""

from dataclasses import dataclass

from .clients import STATE_BUCKET


@dataclass(frozen=True)
class Stored:
    """One state: its fixture is ``fixtures/NAME.tfstate``; `key` is empty for a local file."""

    name: str
    key: str = ""

    @property
    def uri(self) -> str:
        """As driftctl writes it; a local one as its file name alone."""
        if self.key:
            return f"tfstate+s3://{STATE_BUCKET}/{self.key}"
        return f"tfstate://{self.name}.tfstate"


STATES = (
    Stored("network", "prod/network/terraform.tfstate"),
    Stored("app", "prod/app/terraform.tfstate"),
    Stored("data", "prod/data/terraform.tfstate"),
    Stored("jobs", "prod/jobs/terraform.tfstate"),
    Stored("jobs-staging", "env:/staging/prod/jobs/terraform.tfstate"),
    Stored("iam"),
    Stored("edge"),
)
