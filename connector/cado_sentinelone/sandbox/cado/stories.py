"""What can be found on an endpoint: the stories that alarms and background events tell."""

from typing import NamedTuple

MALICIOUS, SUSPICIOUS, INFORMATIONAL = 1, 3, 10
"""Severities; the smaller, the worse (Cado contract 7)."""


class Story(NamedTuple):
    """One kind of alarm: `content` of a file's bytes, `event` of something that happened."""

    severity: int
    description: str
    source: str
    attack: tuple[str, ...]
    filename: str
    event: tuple[str, str, str, str]
    """Source, source type, type and MACB of its timeline events."""
    content: int = 0
    events: int = 0
    indicator: str = ""
    """A domain or address that gave it away; the file's hash for content."""


class Background(NamedTuple):
    """A kind of event that every machine is full of."""

    source: str
    sourcetype: str
    type: str
    macb: str
    event_id: str
    short: str
    filename: str
    executed_process: str = ""


_FILE_CREATED = ("FILE", "NTFS MFT", "Creation Time", "...B")
_INODE_CREATED = ("FILE", "EXT4 inode", "Creation Time", "...B")
_WINDOWS_LOG = ("EVT", "Windows Event Log", "Content Modification Time", "M...")
_WEB = ("WEBHIST", "Browser History", "Last Visited Time", ".A..")
_SHELL = ("LOG", "Bash History", "Command Time", "M...")
_SYSLOG = ("LOG", "Syslog", "Content Modification Time", "M...")

_WINDOWS = (
    Story(
        MALICIOUS,
        "Malicious File Detected: cobaltstrike_beacon",
        "yara",
        ("T1059.001", "TA0002"),
        "C:/Users/Public/svch0st.exe",
        _FILE_CREATED,
        content=1,
        events=2,
    ),
    Story(
        MALICIOUS,
        "Credential Access: LSASS memory read by an unsigned process",
        "sigma",
        ("T1003.001",),
        "C:/Windows/System32/winevt/Logs/Security.evtx",
        _WINDOWS_LOG,
        events=1,
    ),
    Story(
        SUSPICIOUS,
        "Suspicious Persistence: service that runs from a user's folder",
        "sigma",
        ("T1543.003",),
        "C:/Windows/System32/winevt/Logs/System.evtx",
        _WINDOWS_LOG,
        events=4,
    ),
    Story(
        SUSPICIOUS,
        "Suspicious Domain: invoice-portal.example",
        "ioc",
        ("T1071.001",),
        "C:/Users/jdoe/AppData/Local/Microsoft/Edge/User Data/Default/History",
        _WEB,
        events=6,
        indicator="invoice-portal.example",
    ),
    Story(
        SUSPICIOUS,
        "Suspicious Script: encoded PowerShell command",
        "yara",
        ("T1027", "T1059.001"),
        "C:/Users/jdoe/Downloads/invoice.ps1",
        _FILE_CREATED,
        content=1,
    ),
    Story(
        INFORMATIONAL,
        "Remote Desktop Logon",
        "sigma",
        ("T1021.001",),
        "C:/Windows/System32/winevt/Logs/Security.evtx",
        _WINDOWS_LOG,
        events=2,
    ),
)
_LINUX = (
    Story(
        MALICIOUS,
        "Malicious File Detected: xmrig_miner",
        "yara",
        ("T1496", "TA0040"),
        "/tmp/.x11/kworkerd",  # noqa: S108 - a path on somebody else's disk
        _INODE_CREATED,
        content=1,
        events=2,
    ),
    Story(
        MALICIOUS,
        "Command and Control: reverse shell to 203.0.113.66",
        "ioc",
        ("T1059.004",),
        "/root/.bash_history",
        _SHELL,
        events=1,
        indicator="203.0.113.66",
    ),
    Story(
        SUSPICIOUS,
        "Suspicious Persistence: cron job that fetches a script",
        "sigma",
        ("T1053.003",),
        "/var/log/syslog",
        _SYSLOG,
        events=4,
    ),
    Story(
        SUSPICIOUS,
        "Suspicious Domain: pool.miner-mirror.example",
        "ioc",
        ("T1071.001",),
        "/var/log/syslog",
        _SYSLOG,
        events=6,
        indicator="pool.miner-mirror.example",
    ),
    Story(
        SUSPICIOUS,
        "Suspicious File: hidden executable in a temporary folder",
        "yara",
        ("T1564.001",),
        "/dev/shm/.cache/run.sh",  # noqa: S108 - a path on somebody else's disk
        _INODE_CREATED,
        content=1,
    ),
    Story(
        INFORMATIONAL,
        "Remote SSH Logon",
        "sigma",
        ("T1021.004",),
        "/var/log/auth.log",
        _SYSLOG,
        events=2,
    ),
)
STORIES = {"windows": _WINDOWS, "linux": _LINUX}

_EVTX = "C:/Windows/System32/winevt/Logs/"
BACKGROUND = {
    "windows": (
        Background(
            "EVT", "Windows Event Log", "Content Modification Time", "M...", "4624",
            "An account was successfully logged on", _EVTX + "Security.evtx",
        ),
        Background(
            "EVT", "Windows Event Log", "Content Modification Time", "M...", "4688",
            "A new process has been created", _EVTX + "Security.evtx",
            "C:/Windows/System32/svchost.exe",
        ),
        Background(
            "EVT", "Windows Event Log", "Content Modification Time", "M...", "7036",
            "A service entered the running state", _EVTX + "System.evtx",
        ),
        Background(
            "LOG", "Windows Prefetch", "Last Time Executed", ".A..", "",
            "Prefetch: program executed", "C:/Windows/Prefetch/EXPLORER.EXE-{n:08X}.pf",
            "C:/Windows/explorer.exe",
        ),
        Background(
            "REG", "Registry Key", "Content Modification Time", "M...", "",
            "Registry key modified", "C:/Windows/System32/config/SOFTWARE",
        ),
        Background(
            "FILE", "NTFS MFT", "Creation Time", "...B", "",
            "File created", "C:/Users/jdoe/Documents/report-{n}.docx",
        ),
        Background(
            "FILE", "NTFS MFT", "Last Access Time", ".A..", "",
            "File accessed", "C:/Users/jdoe/Pictures/scan-{n}.png",
        ),
        Background(
            "WEBHIST", "Browser History", "Last Visited Time", ".A..", "",
            "https://intranet.example/page/{n}",
            "C:/Users/jdoe/AppData/Local/Microsoft/Edge/User Data/Default/History",
        ),
    ),
    "linux": (
        Background(
            "LOG", "Syslog", "Content Modification Time", "M...", "",
            "systemd: started session {n}", "/var/log/syslog", "/usr/lib/systemd/systemd",
        ),
        Background(
            "LOG", "Syslog", "Content Modification Time", "M...", "",
            "sshd: accepted publickey for deploy", "/var/log/auth.log", "/usr/sbin/sshd",
        ),
        Background(
            "LOG", "Bash History", "Command Time", "M...", "",
            "command executed: ls -la", "/home/deploy/.bash_history", "/usr/bin/bash",
        ),
        Background(
            "LOG", "Utmp", "Start Time", "...B", "",
            "user logged in", "/var/log/wtmp",
        ),
        Background(
            "FILE", "EXT4 inode", "Creation Time", "...B", "",
            "File created", "/srv/app/releases/{n}/app.jar",
        ),
        Background(
            "FILE", "EXT4 inode", "Last Access Time", ".A..", "",
            "File accessed", "/etc/ssl/certs/{n:08x}.0",
        ),
        Background(
            "LOG", "Dpkg", "Content Modification Time", "M...", "",
            "package installed", "/var/log/dpkg.log", "/usr/bin/dpkg",
        ),
    ),
}  # fmt: skip
"""`{n}` stands for a seeded number."""
