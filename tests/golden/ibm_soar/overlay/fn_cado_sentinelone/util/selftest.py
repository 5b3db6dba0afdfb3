# -*- coding: utf-8 -*-
"""Looks at everything that a collection needs: resilient-circuits selftest -l fn-cado-sentinelone"""

from cado_sentinelone_manifests.ibm_soar.presenter import selftest


def selftest_function(opts):
    return selftest(opts.get("fn_cado_sentinelone", {}))
