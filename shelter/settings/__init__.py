"""What an agency decides without code: sites, wording and purposes of fields, pick lists, switches."""
