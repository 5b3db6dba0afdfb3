"""A bundle's version moves with the package's."""

from __future__ import annotations

import pytest

from cado_sentinelone import __version__
from cado_sentinelone_manifests.versions import counted, from_one_on


@pytest.mark.parametrize(
    ("version", "from_one", "number"),
    [
        ("0.1.0", "1.1.0", "101.0"),
        ("0.3.1", "1.3.1", "302.0"),
        ("1.0", "2.0.0", "10001.0"),
        ("1.2.0rc1", "2.2.0", "10201.0"),
    ],
)
def test_products_see_versions_from_one_on(version, from_one, number):
    assert (from_one_on(version), counted(version)) == (from_one, number)


def test_every_product_gets_the_package_s_own():
    from cado_sentinelone_manifests.google_secops.runner import VERSION as SECOPS
    from cado_sentinelone_manifests.ibm_soar.check import VERSION as IBM
    from cado_sentinelone_manifests.xsoar.check import VERSION as XSOAR

    assert {IBM, XSOAR} == {from_one_on(__version__)} and counted(__version__) == SECOPS
