"""Who works at the fictional agency, and the passphrases that everybody may know."""

from dataclasses import dataclass

from shelter.policy.roles import Role

SITES = ("Harbor House", "Cedar House", "Lake House")
ZONE = "America/Los_Angeles"


@dataclass(frozen=True, slots=True)
class Invented:
    """`sites` are places in SITES; the passphrase is published on purpose."""

    username: str
    name: str
    working_name: str
    roles: tuple[Role, ...]
    passphrase: str
    sites: tuple[int, ...] = (0,)


STAFF = (
    Invented(
        "steward-maple-11", "Hannah Osei", "Hannah", (Role.STEWARD,), "copper meadow violin harvest window island"
    ),
    Invented(
        "steward-cedar-12", "Miguel Prado", "Miguel", (Role.STEWARD,), "silver orchard button thunder pocket ribbon"
    ),
    Invented(
        "admin-willow-21", "Tess Lindqvist", "Tess", (Role.ADMINISTRATOR,), "garden lantern kettle morning", (0, 1, 2)
    ),
    Invented("auditor-aspen-22", "Ibrahim Sow", "Ibrahim", (Role.AUDITOR,), "marble anchor thistle candle"),
    Invented(
        "director-river-31", "Joan Whitfield", "Joan", (Role.DIRECTOR,), "velvet bridge autumn compass", (0, 1, 2)
    ),
    Invented("preparer-stone-32", "Wei Sun", "Wei", (Role.PREPARER,), "paper falcon summit blanket", (0, 1, 2)),
    Invented(
        "supervisor-fern-41", "Dolores Vega", "Dolores", (Role.SUPERVISOR,), "orange ladder valley teapot", (0, 1, 2)
    ),
    Invented("caseworker-lark-42", "Rosa Jimenez", "Rosa", (Role.CASEWORKER,), "quiet harbor pencil sunrise"),
    Invented("caseworker-wren-43", "Ana Petrova", "Ana", (Role.CASEWORKER,), "yellow basket winter trumpet"),
    Invented("caseworker-dove-44", "Selam Tesfaye", "Selam", (Role.CASEWORKER,), "planet cotton guitar ocean", (1,)),
    Invented("caseworker-finch-45", "Grace Kim", "Grace", (Role.CASEWORKER,), "mirror acorn saddle breeze", (2,)),
    Invented(
        "advocate-heron-51", "Dana Okafor", "Dana", (Role.LEGAL_ADVOCATE,), "ticket walnut ceiling rainbow", (0, 1, 2)
    ),
    Invented(
        "counsel-eagle-52", "Ruth Abrams", "Ruth", (Role.LEGAL_SUPERVISOR,), "engine clover notebook desert", (0, 1, 2)
    ),
    Invented("desk-otter-61", "Pat Novak", "Pat", (Role.SHELTER_STAFF,), "hammer blossom ferry puzzle"),
    Invented("desk-beaver-62", "Lou Castillo", "Lou", (Role.SHELTER_STAFF,), "pepper tunnel cradle maple", (1,)),
    Invented("desk-badger-63", "Noor Haddad", "Noor", (Role.SHELTER_STAFF,), "wagon pillow comet spruce", (2,)),
    Invented("volunteer-moss-71", "Sam Field", "Sam", (Role.VOLUNTEER,), "apple canyon whistle doorbell"),
)
