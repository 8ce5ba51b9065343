"""The operator's command that loads a list into a hub."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from shared.aws.objects import S3Objects
from shared.trade.reference_data import Reference
from tests.conftest import aws
from tools.load import main, summary


def test_the_command_checks_a_file_without_a_hub_and_ends_with_1_for_a_flawed_one(tmp_path: Path, capsys):
    file = tmp_path / "words.txt"
    file.write_text("pistol\n")
    main(["words", str(file), "--check"])
    assert "words/en: 1 entries" in capsys.readouterr().err
    with pytest.raises(SystemExit, match="nothing was loaded"):
        main(["words", str(tmp_path / "absent.txt"), "--check"])
    with pytest.raises(SystemExit):
        main(["words", str(file), "--language", "English", "--check"])


def test_the_command_loads_into_a_bucket_or_into_that_of_a_stage(make_table, tmp_path: Path):
    make_table("audit")
    resources = {"B": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "lists-of-trial"}}}
    template = json.dumps({"Resources": resources, "Outputs": {"ReferenceBucket": {"Value": {"Ref": "B"}}}})
    aws("cloudformation").create_stack(StackName="monsoon-trial-Tables-1X", TemplateBody=template)
    file = tmp_path / "words.txt"
    file.write_text("pistol\n")
    main(["words", str(file), "--language", "en", "--stage", "trial"])
    main(["words", str(file), "--language", "zh", "--bucket", "lists-of-trial"])
    reference = Reference(S3Objects("lists-of-trial"))
    assert reference.document("words/en") == reference.document("words/zh") == [["pistol", "review"]]
    with pytest.raises(SystemExit, match="there is no stack monsoon-other"):
        main(["words", str(file), "--stage", "other"])
    with pytest.raises(SystemExit, match="check --bucket"):
        main(["words", str(file), "--bucket", "no-such-bucket-here"])


def test_rates_of_more_than_a_week_ago_are_loaded_and_said_to_be_old(tmp_path: Path, capsys):
    file = tmp_path / "eurofxref.csv"
    file.write_text("Date, USD, \n30 October 2020, 1.17, \n")
    main(["fx", str(file), "--check"])
    assert "1 rates of 2020-10-30, which is" in capsys.readouterr().err
    today = datetime.now(UTC).date().isoformat()
    assert summary({"date": today, "per_euro": {"USD": "1.17"}}) == f"1 rates of {today}"
    with pytest.raises(SystemExit, match="name one file"):
        main(["fx", str(file), str(file), "--check"])
