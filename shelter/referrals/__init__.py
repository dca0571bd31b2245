"""Referrals: out, with what was told under which release; and in, left sealed by partners who learn a number only."""
