"""The commands of `flask --app wsgi`, a line each; each is that person's session or holds no key at all."""

from flask import Flask

from shelter.cli import (
    anew_command,
    backup_commands,
    bill,
    demo_command,
    doctor,
    explain_command,
    export_command,
    import_command,
    keys_commands,
    leave_command,
    report_command,
    schema,
    serve,
    setup_command,
    tick,
    trail_commands,
)


def register(app: Flask) -> None:
    """Adds the commands to the application."""
    for command in (
        serve.run_server,
        schema.migrate,
        setup_command.setup,
        demo_command.demo,
        import_command.import_hmis,
        export_command.export_hmis_command,
        leave_command.export_agency_command,
        report_command.report_compare,
        explain_command.explain,
        anew_command.tell_anew,
        keys_commands.renew_keys,
        keys_commands.renew_secret,
        keys_commands.take_office,
        backup_commands.backup,
        backup_commands.restore,
        tick.tick,
        bill.bill_of_materials,
        doctor.doctor,
        trail_commands.trail,
    ):
        app.cli.add_command(command)
