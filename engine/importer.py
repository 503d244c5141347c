"""Where the training data lie when nobody says: `nlu/` and `stories/` beside `config.yml`, not Rasa's `data/`."""

from pathlib import Path

from rasa.shared.importers.rasa import RasaFileImporter

FOLDERS = ("nlu", "stories")


class TopLevelFolders(RasaFileImporter):  # type: ignore[misc]
    """Named in `config.yml`, so that a plain `rasa train` in the project's directory finds what it needs."""

    def __init__(
        self,
        config_file: str | None = None,
        domain_path: str | None = None,
        training_data_paths: list[str] | str | None = None,
    ) -> None:
        project = Path(config_file).parent if config_file else Path()
        found = [str(project / folder) for folder in FOLDERS if (project / folder).is_dir()]
        # Without `--data` Rasa's command line passes a list of nothing.
        given = [training_data_paths] if isinstance(training_data_paths, str) else training_data_paths or []
        super().__init__(config_file, domain_path, [path for path in given if path] or found)
