"""Everything that the Cado platform holds, as far as the world's clock has come."""

from collections import Counter, deque
from collections.abc import Iterator

from cado_sentinelone.sandbox.asset import CADO_ACCOUNT_NAME, CADO_API_KEY
from cado_sentinelone.sandbox.cado.findings import Alarm, evidence_id_of_alarm
from cado_sentinelone.sandbox.cado.history import write_history
from cado_sentinelone.sandbox.cado.lives import Pipeline
from cado_sentinelone.sandbox.cado.records import (
    AuditEntry,
    CadoAccount,
    Evidence,
    Key,
    Project,
    User,
    Webhook,
)
from cado_sentinelone.sandbox.cado.refusal import not_found
from cado_sentinelone.sandbox.cado.roles import ROLES
from cado_sentinelone.sandbox.world import World

_AUDIT_ENTRIES = 10_000
_PEOPLE = (("alice", "Alice", "L"), ("bob", "Bob", "N"), ("carol", "Carol", "A"))


class CadoState:
    """The platform's records. Of those with a life of their own only what exists now is shown."""

    def __init__(self, world: World) -> None:
        """A platform in use: accounts, keys, people and a few investigations of the past."""
        self.world = world
        self._numbers: Counter[str] = Counter()
        self.users = [
            User(self.number("user"), username, name, ROLES[letter])
            for username, name, letter in _PEOPLE
        ]
        self.groups = {"IR": 1, "SOC": 2}
        self.keys: list[Key] = []
        self._accounts: dict[str, CadoAccount] = {}
        self.webhooks: dict[int, Webhook] = {}
        self.audit: deque[AuditEntry] = deque(maxlen=_AUDIT_ENTRIES)
        self.viewed: set[int] = set()
        """The notifications that somebody has marked as read."""
        self._projects: dict[int, Project] = {}
        self._pipelines: dict[int, Pipeline] = {}
        self._evidences: dict[int, Evidence] = {}
        self.add_key("soar-connector", ROLES["A"], CADO_API_KEY)
        for role in ROLES.values():
            slug = role.lower().replace(" ", "-")
            self.add_key(f"sandbox-{slug}", role, f"sandbox-cado-{slug}")
        write_history(self)

    @property
    def now(self) -> float:
        """The world's time, epoch seconds."""
        return self.world.clock.now()

    def number(self, noun: str) -> int:
        """The next free id of this kind."""
        self._numbers[noun] += 1
        return self._numbers[noun]

    def add_key(self, name: str, role: str, secret: str = "") -> Key:
        """A new key, with an owner of its own; an empty secret is made up."""
        number = self.number("key")
        key = Key(
            key_id=number,
            name=name or f"cado-pub-{number:04x}",
            public_key=f"cado-pub-{number:04x}",
            secret=secret or f"sandbox-cado-key-{number}",
            role=role,
            user=User(self.number("user"), name or f"key-{number}", name or f"Key {number}", role),
        )
        self.keys.append(key)
        return key

    def add_account(self, account: CadoAccount) -> None:
        """Keep the account."""
        self._accounts[account.name] = account

    def remove_account(self, account: CadoAccount) -> None:
        """Forget the account; its alias is free again."""
        del self._accounts[account.name]

    def accounts(self) -> list[CadoAccount]:
        """Every account that the platform admits to knowing."""
        unknown = CADO_ACCOUNT_NAME if self.world.faults.on("account_unknown") else None
        return [account for account in self._accounts.values() if account.name != unknown]

    def account(self, name: str) -> CadoAccount:
        """The account of this alias.

        Raises:
            Refusal: there is none.
        """
        for account in self.accounts():
            if account.name == name:
                return account
        raise not_found("account", name)

    def add_project(self, project: Project) -> None:
        """Keep the investigation."""
        self._projects[project.project_id] = project

    def add_pipeline(self, pipeline: Pipeline) -> None:
        """Keep the pipeline, which may exist only later."""
        self._pipelines[pipeline.pipeline_id] = pipeline
        if pipeline.evidence is not None:
            pipeline.evidence.pipelines.append(pipeline)

    def add_evidence(self, evidence: Evidence) -> None:
        """Keep the evidence, which may exist only later."""
        self._evidences[evidence.evidence_id] = evidence

    def projects(self) -> list[Project]:
        """Every investigation, the oldest first."""
        return [project for project in self._projects.values() if not project.deleted]

    def project(self, project_id: int) -> Project:
        """The investigation of this id.

        Raises:
            Refusal: there is none.
        """
        project = self._projects.get(project_id)
        if project is None or project.deleted:
            raise not_found("project", project_id)
        return project

    def pipelines(self, *, deleted: bool = False) -> Iterator[Pipeline]:
        """Every pipeline that exists, in the order of the ids, also of deleted ones if asked."""
        now = self.now
        for pipeline in self._pipelines.values():
            if pipeline.exists(now) and (deleted or not _gone(pipeline.project)):
                yield pipeline

    def pipeline(self, pipeline_id: int) -> Pipeline:
        """The pipeline of this id.

        Raises:
            Refusal: there is none, or not yet.
        """
        pipeline = self._pipelines.get(pipeline_id)
        if pipeline is None or not pipeline.exists(self.now) or _gone(pipeline.project):
            raise not_found("pipeline", pipeline_id)
        return pipeline

    def evidences(self, project: Project | None = None) -> list[Evidence]:
        """Every evidence that exists, or those of one investigation, the oldest first."""
        now = self.now
        return [
            evidence
            for evidence in self._evidences.values()
            if project in (None, evidence.project)
            and not evidence.project.deleted
            and evidence.exists(now)
        ]

    def evidence(self, evidence_id: int) -> Evidence:
        """The evidence of this id.

        Raises:
            Refusal: there is none, or not yet.
        """
        evidence = self._existing_evidence(evidence_id)
        if evidence is None:
            raise not_found("evidence", evidence_id)
        return evidence

    def alarm(self, alarm_id: int) -> tuple[Evidence, Alarm]:
        """The alarm of this id and the evidence in which it was found.

        Raises:
            Refusal: there is none, or not yet.
        """
        evidence = self._existing_evidence(evidence_id_of_alarm(alarm_id))
        if evidence is not None:
            for alarm in evidence.found(self.now):
                if alarm.alarm_id == alarm_id:
                    return evidence, alarm
        raise not_found("alarm", alarm_id)

    def _existing_evidence(self, evidence_id: int) -> Evidence | None:
        evidence = self._evidences.get(evidence_id)
        if evidence is None or evidence.project.deleted or not evidence.exists(self.now):
            return None
        return evidence


def _gone(project: Project | None) -> bool:
    return project is not None and project.deleted
