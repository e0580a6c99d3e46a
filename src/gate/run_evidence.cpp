#include <clairgate/base/text.hpp>
#include <clairgate/gate/attach_report.hpp>
#include <clairgate/gate/outputs.hpp>
#include <clairgate/gate/run_evidence.hpp>
#include <clairgate/io/files.hpp>
#include <clairgate/report/formats.hpp>

#include <map>

namespace clairgate::gate {

namespace {

std::string file_for(std::string const& pattern, report::Report const& report) {
    auto const& digest = report.reference.digest();
    CLAIRGATE_ASSERT(digest.has_value());
    auto const found = report.context.find("environment");
    return file_name_for(
        pattern, *digest, found == report.context.end() ? std::string() : found->second);
}

Result<void> write(std::string const& file, std::string_view bytes) {
    auto written = io::write_atomically(file, bytes);
    if (written.has_value())
        return ok();
    return std::move(written)
        .error()
        .with_context("writing the signed report")
        .with_remedy("choose another file: --bundle FILE");
}

} // namespace

io::Task<Result<RunEvidence>>
RunEvidence::make(io::World& world, SigningChoice choice, Deadline deadline) {
    RunEvidence evidence(choice);
    if (choice.key) {
        CO_TRY(evidence.notary_, co_await Notary::make(world, std::move(choice), deadline));
    }
    co_return evidence;
}

std::optional<sign::PublicKey> RunEvidence::key() const {
    if (!notary_)
        return std::nullopt;
    return notary_->key();
}

io::Task<Result<void>>
RunEvidence::publish(io::World& world,
                     registry::Options const& registry,
                     image::Subject const& subject,
                     std::vector<report::Report> const& reports,
                     std::function<void(std::string_view, std::string_view)> announce,
                     Deadline deadline) {
    if (!notary_)
        co_return write_unsigned(world, reports);
    auto const run = ci_run_of(world.environment);
    std::vector<SignedReport> all;
    announce("sign", subject.reference.text());
    for (auto const& report : reports) {
        auto made =
            co_await sign_report(*notary_, report, subject, run, choice_.wants_vulns, deadline);
        if (!made.has_value())
            co_return made.error().with_context("signing the report");
        all.push_back(*std::move(made));
    }
    CO_TRY_VOID(write_signed(reports, all));
    if (choice_.attach == Attach::never)
        co_return ok();
    for (std::size_t i = 0; i < reports.size(); ++i) {
        if (!reports[i].verdict) {
            world.log.warning("the report of an undecided run is not put beside the image",
                              {{"image", subject.reference.text()}});
            continue;
        }
        announce("attach", subject.reference.text());
        CO_TRY_VOID(co_await attach(world, registry, subject, reports[i], all[i], deadline));
    }
    co_return ok();
}

Result<void> RunEvidence::write_unsigned(io::World& world,
                                         std::vector<report::Report> const& reports) const {
    if (!choice_.bundle_file)
        return ok();
    world.log.warning("the report is not signed: name a key with --sign",
                      {{"file", *choice_.bundle_file}});
    for (auto const& report : reports)
        TRY_VOID(write(file_for(*choice_.bundle_file, report), report::json_of(report)));
    return ok();
}

// One file for all reports; several files only where the name tells them apart.
Result<void> RunEvidence::write_signed(std::vector<report::Report> const& reports,
                                       std::vector<SignedReport> const& all) const {
    if (!choice_.bundle_file)
        return ok();
    struct Texts {
        std::string bundles;
        std::string summaries;
    };
    std::map<std::string, Texts> files;
    for (std::size_t i = 0; i < reports.size(); ++i) {
        auto& texts = files[file_for(*choice_.bundle_file, reports[i])];
        for (auto const& statement : all[i].statements) {
            bool const is_summary = statement.predicate_type == attest::predicate_type::summary;
            if (is_summary)
                texts.summaries += attest::envelope_json(statement.bundle.envelope) + "\n";
            else
                texts.bundles += attest::bundle_json(statement.bundle) + "\n";
        }
    }
    for (auto const& [file, texts] : files) {
        TRY_VOID(write(file, texts.bundles));
        TRY_VOID(write(file + ".vsa", texts.summaries));
    }
    return ok();
}

io::Task<Result<void>> RunEvidence::attach(io::World& world,
                                           registry::Options const& registry,
                                           image::Subject const& subject,
                                           report::Report const& report,
                                           SignedReport const& evidence,
                                           Deadline deadline) {
    AttachChoice choice{choice_.storage, key(), memory_};
    auto const attached = co_await attach_report(
        world, registry, subject, report, evidence, std::move(choice), deadline);
    if (!attached.has_value()) {
        auto const& error = attached.error();
        bool const may_warn =
            choice_.attach == Attach::automatic && error.kind() == ErrorKind::denied;
        if (!may_warn)
            co_return error;
        world.log.warning("the signed report is not beside the image: the registry refuses",
                          {{"reason", error.text()}});
        co_return ok();
    }
    std::size_t pruned = 0;
    for (auto const& one : *attached) {
        pruned += one.pruned;
        for (auto const& warning : one.warnings)
            world.log.warning(warning, {{"image", subject.reference.text()}});
    }
    auto facts = std::to_string(pruned);
    world.log.info("attached", {{"image", subject.reference.text()}, {"replaced", facts}});
    co_return ok();
}

} // namespace clairgate::gate
