"""What comes from the base image is told apart, and a policy may treat it otherwise."""
from support import filesystems as fs
from support import images, oci

RULE = ('[severity]\ncritical = "block"\nhigh = "block"\nmedium = "block"\nlow = "block"\nunknown = "block"\n'
        '[[rule]]\nname = "the platform team upgrades the base"\nwhen = { layer = "base" }\naction = "allow"\n')


def test_the_base_image_that_is_named_gives_its_layers(gated, registry):
    base_layer = images.fresh(fs.debian(images.OUTDATED))
    base = oci.image(base_layer)
    app = oci.image(base_layer, images.fresh(fs.python_package("demo", "1.0.0")))
    registry.push("base/debian", base)
    registry.push("base/app", app)
    reference = registry.reference("base/app", app)

    ended, report = gated.run(reference, policy=RULE)
    assert ended.status == 1, ended.explain()
    assert {one["layer"]["base"] for one in report["findings"]} == {None}
    assert all(one["action"] == "block" for one in report["findings"]), "an unknown base is no excuse"

    ended, report = gated.run(reference, "--base-image", registry.reference("base/debian", base), policy=RULE)
    assert ended.status == 1, ended.explain()
    by_package = {one["package"]["name"]: (one["layer"]["base"], one["action"]) for one in report["findings"]}
    assert by_package.pop("demo") == (False, "block")
    assert by_package and set(by_package.values()) == {(True, "allow")}


def test_a_base_image_that_is_not_there_is_said(gated, registry):
    image = images.debian_outdated()
    registry.push("base/other", image)
    ended, _ = gated.run(registry.reference("base/other", image), "--base-image",
                         f"{registry.host}/base/none@sha256:{'0' * 64}", policy=RULE)
    assert ended.status != 0, ended.explain()
    assert "base" in ended.stderr, ended.explain()
