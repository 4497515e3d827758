"""Passwords as they are kept, by the vectors of RFC 7914 (11) and of others for PBKDF2 with HMAC-SHA256."""

from binascii import unhexlify

from fourquad.protocols.http import passwords as w


def derived(password, salt, rounds):
    work = w.Derivation(password, salt, rounds)
    steps = 1
    while not work.step():
        steps += 1
    return work.text().split(b"$")[2], steps


def test_known_vectors():
    one = b"120fb6cffcf8b32c43e7225256c4f837a86548c92ccc35480805987cb70be17b"
    two = b"ae4d0c95af6b46d32d0adff928f06dd02a303f8ef3c251dfd6e2d85a95474c43"
    many = b"c5e478d59288c841aa530db6845c4c8d962893a001ce4e11a4963873aa98134a"
    assert derived(b"password", b"salt", 1) == (one, 1)
    assert derived(b"password", b"salt", 2)[0] == two
    found, steps = derived(b"password", b"salt", 4096)
    assert found == many and steps > 500  # in slices
    assert (
        derived(b"passwd", b"salt", 1)[0]
        == b"55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc"
    )


def test_what_is_kept_says_how_it_was_made():
    work = w.Derivation(b"secret 1", unhexlify("00ff10203040f0a0"), 5)
    while not work.step():
        pass
    kept = work.text()
    assert kept.startswith(b"5$00ff10203040f0a0$") and len(kept) == 83
    again = w.of_kept(b"secret 1", kept)
    while not again.step():
        pass
    assert again.text() == kept
    other = w.of_kept(b"secret 2", kept)
    while not other.step():
        pass
    assert not w.same(other.text(), kept)


def test_what_is_no_text_of_ours():
    for kept in (b"x", b"5$0$ab", b"a$00$ab", b"5$zz$ab"):
        assert w.of_kept(b"secret", kept) is None


def test_which_new_ones_are_allowed():
    assert w.allowed(b"123456") and w.allowed(b"a" * 32) and w.allowed(b" ~ ~ ~")
    for password in (b"", b"12345", b"a" * 33, b"12345\n", b"12345\x7f", b"12345\xe4"):
        assert not w.allowed(password)


def test_texts_that_are_the_same():
    assert w.same(b"", b"") and w.same(b"abc", b"abc")
    for one, other in ((b"abc", b"abd"), (b"abc", b"ab"), (b"", b"a"), (b"aa", b"a")):
        assert not w.same(one, other)
