#include <clairgate/base/text.hpp>
#include <clairgate/image/manifest.hpp>

#include <gate/evidence_scene.hpp>

namespace clairgate::test {

EvidenceScene::EvidenceScene() {
    setting.world.world.clock.now = [] { return scan_time() + std::chrono::hours(1); };
}

report::Report EvidenceScene::report(Says says) const {
    says.image = image();
    return report_that(says);
}

gate::SignedReport
EvidenceScene::sign(report::Report const& report, KeyPair const& with, bool wants_vulns) {
    auto& world = setting.world;
    gate::SigningChoice choice;
    choice.key = with.private_file();
    auto notary = world.run(gate::Notary::make(world.world, choice, setting.deadline())).value();
    auto const subject = subject_of(report, setting.image.size_bytes);
    return world
        .run(gate::sign_report(notary, report, subject, {}, wants_vulns, setting.deadline()))
        .value();
}

Result<std::vector<registry::Attached>>
EvidenceScene::attach(report::Report const& report, KeyPair const& with, gate::Storage storage) {
    auto const made = sign(report, with);
    auto const subject = subject_of(report, setting.image.size_bytes);
    gate::AttachChoice choice{storage, with.public_key()};
    return setting.world.run(gate::attach_report(setting.world.world,
                                                 setting.options,
                                                 subject,
                                                 report,
                                                 made,
                                                 std::move(choice),
                                                 setting.deadline()));
}

std::vector<registry::Evidence> EvidenceScene::beside(image::Digest const& digest) {
    return setting.world
        .run(registry::find_evidence(setting.world.world,
                                     setting.options,
                                     setting.registry.at(digest),
                                     {},
                                     setting.limits,
                                     setting.deadline()))
        .value();
}

std::string EvidenceScene::warnings() const {
    std::string all;
    for (auto const& event : setting.world.events)
        if (event.level == LogLevel::warning)
            all += cat(to_text_line(event), "\n");
    return all;
}

} // namespace clairgate::test
