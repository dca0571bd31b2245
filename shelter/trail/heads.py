"""Signatures over the head of the chain: a later intruder cannot sign as those who are absent."""

from sqlalchemy import select

from shelter.crypto.labels import Label
from shelter.crypto.signing import sign
from shelter.db import db
from shelter.db.deployment import deployment
from shelter.trail.models import Trail, TrailSignature

HEADS = "heads.txt"
"""The file to which heads are copied, a line each."""


def sign_head(user_id: bytes, signing_private: bytes) -> None:
    """Signs the newest committed link, in the caller's transaction."""
    last = db.session.execute(select(Trail.seq, Trail.hash).order_by(Trail.seq.desc()).limit(1)).first()
    if last is None or db.session.get(TrailSignature, (last.seq, user_id)) is not None:
        return
    signature = sign(signing_private, Label.SIGN_TRAIL_HEAD, deployment().agency, [last.seq, last.hash])
    db.session.add(TrailSignature(seq=last.seq, user_id=user_id, signature=signature))
