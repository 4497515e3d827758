"""`fourquad months`: differences of registers, which are preset here so that they are known."""

from __future__ import annotations

# readings of EP_imp at the ends of months 1-7, in kWh, and now
ENDS = (1200.0, 1100.5, 1000.0, 850.0, 800.0, 700.0, 650.0)
NOW = 1234.5


def test_what_was_used(sim, ask, run):
    wishes = [f"month{n + 1}.ep_imp={value}kWh" for n, value in enumerate(ENDS)]
    assert ask("set", *sim.where["net"], f"energy.ep_imp={NOW}", *wishes)[0] == 0
    status, told = ask("months", *sim.where["net"])
    assert status == 0 and [one["month"] for one in told["months"]] == [
        "2026-01",
        "2025-12",
        "2025-11",
        "2025-10",
        "2025-09",
        "2025-08",
        "2025-07",
        "2025-06",
    ]
    used = [one["used"]["ep_imp"] if one["used"] else None for one in told["months"]]
    assert used == [34.5, 99.5, 100.5, 150.0, 50.0, 100.0, 50.0, None]
    assert told["months"][1]["registers"]["ep_imp"] == 1200.0
    assert list(told["months"][0]["registers"]) == ["ep_imp", "ep_exp", "eq_imp", "eq_exp", "es"]
    lines = run("months", *sim.where["net"], "ep_imp", "es3")[1].splitlines()
    assert lines[0].split() == ["month", "ep_imp", "[kWh]", "es3", "[kVAh]"]
    assert lines[2].split() == ["2025-12", "99.5", "0"]
    assert len(ask("months", *sim.where["net"], "all")[1]["months"][0]["used"]) == 24


def test_usage(sim, run):
    assert run("months", *sim.where["net"], "v1")[0] == 2
