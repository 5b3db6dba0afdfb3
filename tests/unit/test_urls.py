"""Where a token may be sent (promise S3): a table of hostile URLs, and the ones that are fine."""

import pytest

from cado_sentinelone.models.asset import Asset
from cado_sentinelone.urls import check_base_url, check_proxy_url

HOSTILE = [
    # not a base URL
    "",
    "console.example.com",
    "//console.example.com",
    "https:console.example.com",
    "https://",
    "https:///",
    "https://:443",
    "http://console.example.com",
    "ftp://console.example.com",
    "file:///etc/passwd",
    "javascript://console.example.com/%0aalert(1)",
    "unix://console.example.com",
    # more than scheme, host and port
    "https://user@console.example.com",
    "https://user:pass@console.example.com",
    "https://console.example.com@evil.example.net",
    "https://console.example.com:443@evil.example.net",
    "https://console.example.com?x=1",
    "https://console.example.com/?x=1",
    "https://console.example.com#frag",
    "https://console.example.com#@evil.example.net",
    "https://console.example.com/web/api/v2.1",
    "https://console.example.com//evil.example.net",
    "https://console.example.com/..",
    "https://console.example.com;evil.example.net",
    # what parsers disagree about
    "https://console.example.com\\@evil.example.net",
    "https:\\\\console.example.com",
    "https://console.example.com\\",
    " https://console.example.com",
    "https://console.example.com ",
    "https://console.example.com\n",
    "https://console.example.com\r\nHost: evil",
    "https://con\tsole.example.com",
    "https://console.example.com\x00.evil.net",
    "https://console%2eexample.com",
    "https://127%2e0%2e0%2e1",
    "https://console.example.com.",
    "https://.console.example.com",
    "https://console..example.com",
    "https://-console.example.com",
    "https://console_.example.com",
    "https://" + "a" * 64 + ".example.com",
    "https://" + "a." * 127 + "com",
    # ports
    "https://console.example.com:",
    "https://console.example.com:0",
    "https://console.example.com:65536",
    "https://console.example.com:-1",
    "https://console.example.com:4 43",
    "https://console.example.com:443:443",
    # international look-alikes
    "https://ｌｏｃａｌｈｏｓｔ",  # noqa: RUF001 - full width
    "https://①②⑦.⓪.⓪.①",
    "https://cоnsole.example.com",  # noqa: RUF001 - a Cyrillic o
    "https://console。example.com",
    "https://\u212aonsole.example.com",
    # IPv4 as few people write it
    "https://2130706433",
    "https://017700000001",
    "https://0x7f000001",
    "https://0x7f.1",
    "https://0x7f.0x0.0x0.0x1",
    "https://127.1",
    "https://127.0.1",
    "https://0177.0.0.1",
    "https://127.0.0.01",
    "https://127.0.0.1.",
    "https://256.1.1.1",
    "https://1.2.3.4.5",
    "https://0",
    "https://0x",
    # not public
    "https://127.0.0.1",
    "https://127.8.8.8:8443",
    "https://0.0.0.0",
    "https://10.1.2.3",
    "https://172.16.0.1",
    "https://192.168.1.1",
    "https://100.64.0.1",
    "https://169.254.1.1",
    "https://169.254.169.254",
    "https://100.100.100.200",
    "https://168.63.129.16",
    "https://192.0.0.192",
    "https://198.18.0.1",
    "https://203.0.113.7",
    "https://224.0.0.1",
    "https://239.255.255.250",
    "https://240.0.0.1",
    "https://255.255.255.255",
    "https://[::]",
    "https://[::1]",
    "https://[::ffff:127.0.0.1]",
    "https://[::ffff:a9fe:a9fe]",
    "https://[::127.0.0.1]",
    "https://[64:ff9b::7f00:1]",
    "https://[64:ff9b:1::1]",
    "https://[2002:7f00:1::]",
    "https://[2001:0:7f00:1::]",
    "https://[2001:db8::1]",
    "https://[fc00::1]",
    "https://[fd00:ec2::254]",
    "https://[fe80::1]",
    "https://[fec0::1]",
    "https://[ff02::1]",
    "https://[fe80::1%25eth0]",
    "https://[fe80::1%eth0]",
    "https://[127.0.0.1]",
    "https://[console.example.com]",
    "https://[::1",
    "https://::1",
    "https://[]",
    # private by name
    "https://localhost",
    "https://LOCALHOST:8443",
    "https://console.localhost",
    "https://localhost.localdomain",
    "https://ip6-localhost",
    "https://printer.local",
    "https://metadata",
    "https://metadata.google.internal",
    "https://metadata.goog",
    "https://instance-data",
    "https://instance-data.ec2.internal",
    "https://router.home.arpa",
]

FINE = [
    ("https://acme.sentinelone.net", "https://acme.sentinelone.net", 443),
    ("https://acme.sentinelone.net/", "https://acme.sentinelone.net", 443),
    ("HTTPS://Acme.SentinelOne.NET", "https://acme.sentinelone.net", 443),
    ("https://acme.sentinelone.net:443", "https://acme.sentinelone.net", 443),
    ("https://cado.example.com:8443/", "https://cado.example.com:8443", 8443),
    ("https://xn--mnchen-3ya.example", "https://xn--mnchen-3ya.example", 443),
    ("https://8.8.8.8", "https://8.8.8.8", 443),
    ("https://[2606:4700:0:0::1111]:8443", "https://[2606:4700::1111]:8443", 8443),
    ("https://[64:ff9b::808:808]", "https://[64:ff9b::808:808]", 443),
    ("https://1e100.net", "https://1e100.net", 443),
    ("https://localhost.example.com", "https://localhost.example.com", 443),
]

ALLOWED_WHEN_PRIVATE_IS = [
    "http://127.0.0.1:8080",
    "https://127.0.0.1",
    "http://localhost:8080",
    "http://sandbox:8080",
    "http://[::1]:8080",
    "https://10.1.2.3",
    "https://169.254.169.254",
    "https://cado.internal",
]


def test_the_table_is_long_enough():
    assert len(set(HOSTILE)) == len(HOSTILE) >= 40


@pytest.mark.parametrize("url", HOSTILE)
def test_a_hostile_base_url_is_refused_by_name_and_not_repeated(url):
    """S3, S5."""
    with pytest.raises(ValueError, match="cado_url") as refused:
        check_base_url(url, field="cado_url", allow_private=False)
    assert "user:pass" not in str(refused.value)
    assert str(refused.value).isprintable()


@pytest.mark.parametrize(("url", "origin", "port"), FINE)
def test_a_public_https_url_is_taken_in_one_form(url, origin, port):
    base = check_base_url(url, field="cado_url", allow_private=False)
    assert (base.origin, base.port) == (origin, port)
    again = check_base_url(base.origin, field="cado_url", allow_private=False)
    assert again == base


@pytest.mark.parametrize("url", ALLOWED_WHEN_PRIVATE_IS)
def test_private_urls_need_the_setting(url):
    """S3."""
    check_base_url(url, field="cado_url", allow_private=True)
    with pytest.raises(ValueError, match="cado_url"):
        check_base_url(url, field="cado_url", allow_private=False)


@pytest.mark.parametrize("url", ["http://8.8.8.8", "http://[2606:4700::1111]"])
def test_http_to_a_public_address_is_refused_even_with_the_setting(url):
    with pytest.raises(ValueError, match="must be https"):
        check_base_url(url, field="cado_url", allow_private=True)


@pytest.mark.parametrize(
    ("scheme", "allowed", "address", "fine"),
    [
        ("https", False, "8.8.8.8", True),
        ("https", False, "10.0.0.5", False),
        ("https", False, "127.0.0.1", False),
        ("https", False, "fd00::1", False),
        ("https", True, "8.8.8.8", True),
        ("https", True, "10.0.0.5", True),
        ("http", True, "10.0.0.5", True),
        ("http", True, "8.8.8.8", False),
    ],
)
def test_what_a_name_resolves_to_is_held_to_the_same_rules(scheme, allowed, address, fine):
    """S3."""
    base = check_base_url(f"{scheme}://host.example", field="cado_url", allow_private=allowed)
    if fine:
        base.check_address(address)
    else:
        with pytest.raises(ValueError, match="cado_url"):
            base.check_address(address)


@pytest.mark.parametrize(
    ("url", "origin", "user"),
    [
        ("http://proxy:3128", "http://proxy:3128", ""),
        ("http://10.0.0.1:3128/", "http://10.0.0.1:3128", ""),
        ("https://proxy.example.com", "https://proxy.example.com", ""),
        ("http://user:pa%40ss%2F@proxy:3128", "http://proxy:3128", "user:pa@ss/"),
        ("http://user@proxy:3128", "http://proxy:3128", "user"),
        ("http://[::1]:3128", "http://[::1]:3128", ""),
    ],
)
def test_a_proxy_url_is_taken_apart(url, origin, user):
    proxy = check_proxy_url(url)
    assert (proxy.origin, proxy.user) == (origin, user)


def test_the_proxy_password_is_in_no_repr():
    """S5."""
    assert "canary" not in repr(check_proxy_url("http://user:canary@proxy:3128"))


@pytest.mark.parametrize(
    "url",
    [
        "",
        "proxy:3128",
        "socks5://user:canary@proxy:1080",
        "http://",
        "http://user:canary@",
        "http://user:can@ry@proxy",
        "http://user:can/ry@proxy",
        "http://user:canary@proxy/path",
        "http://user:canary@proxy?x=1",
        "http://user:canary@proxy#x",
        "http://user:canary@proxy\\x",
        "http://user:canary@proxy\r\nX: y",
        "http://user:canary@pröxy",
        "http://user:canary@127.1",
        "http://user:canary@proxy:99999",
    ],
)
def test_a_bad_proxy_url_is_refused_without_its_password(url):
    """S4, S5."""
    with pytest.raises(ValueError, match="proxy_url") as refused:
        check_proxy_url(url)
    assert "can" not in str(refused.value).replace("cannot", "")


def test_the_asset_checks_its_urls():
    with pytest.raises(ValueError, match="sentinelone_url must not contain a user or password"):
        Asset(sentinelone_url="https://user:canary@console.example.com")
    with pytest.raises(ValueError, match="proxy_url"):
        Asset(proxy_url="socks5://proxy")
