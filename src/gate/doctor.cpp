#include <clairgate/base/text.hpp>
#include <clairgate/gate/commands.hpp>
#include <clairgate/gate/doctor.hpp>
#include <clairgate/gate/find_report.hpp>
#include <clairgate/gate/notary.hpp>
#include <clairgate/gate/policies.hpp>
#include <clairgate/gate/runtime.hpp>
#include <clairgate/io/process.hpp>

#include <set>

#include <unistd.h>

namespace clairgate::gate {

namespace {

using Findings = std::vector<Diagnosis>;

constexpr auto exchange_time_max = std::chrono::seconds(10);

io::Task<Findings> check_policy(Examination& examination) {
    auto const& config = examination.config;
    auto const what = cat("policy ", config.policy.folder.string());
    auto const deadline = Deadline::after(examination.world.clock, exchange_time_max);
    auto const policy =
        co_await load_policies(examination.world, config.policy, config.registry, deadline);
    Findings findings;
    if (policy.has_value())
        findings.push_back({what,
                            std::nullopt,
                            policy->front().files.empty()
                                ? "none there: the built-in policy applies"
                                : cat(policy->front().files.size(), " file(s) read")});
    else
        findings.push_back({what, policy.error(), ""});
    co_return findings;
}

io::Task<Findings> check_registries(Examination& examination) {
    registry::Client client(examination.world, examination.config.registry);
    std::set<std::string> seen;
    Findings findings;
    for (auto const& image : examination.config.wait.images) {
        auto const reference = image::Reference::parse(image);
        if (!reference.has_value()) {
            findings.push_back({cat("image ", image), reference.error(), ""});
            continue;
        }
        auto const& host = reference->repository().registry;
        if (!seen.insert(host).second)
            continue;
        auto const deadline = Deadline::after(examination.world.clock, exchange_time_max);
        auto const answer = co_await client.ping(host, deadline);
        auto const what = cat("registry ", host);
        if (answer.has_value())
            findings.push_back({what, std::nullopt, cat("answers, asks for ", *answer)});
        else
            findings.push_back({what, answer.error(), ""});
        auto const access = co_await client.pull_access(
            reference->repository(), registry::Client::Token::cached, deadline);
        auto const repository = cat("repository ", reference->repository().text());
        if (access.has_value())
            findings.push_back({repository, std::nullopt, "may be pulled"});
        else
            findings.push_back({repository, access.error(), ""});
    }
    co_return findings;
}

io::Task<Findings> check_clair(Examination& examination) {
    Findings findings;
    auto const& config = examination.config;
    if (!config.has_clair_url)
        co_return findings;
    auto const deadline = Deadline::after(examination.world.clock, exchange_time_max);
    auto const what = cat("clair ", config.clair.url.redacted());
    auto options = config.clair;
    auto psk = load_psk(config);
    if (psk.has_value())
        options.psk = *std::move(psk);
    else
        findings.push_back({"clair's pre-shared key", psk.error(), ""});
    auto const state = co_await clair::probe(examination.world, options, deadline);
    if (!state.has_value()) {
        findings.push_back({what, state.error(), ""});
        co_return findings;
    }
    findings.push_back({what, std::nullopt, cat("indexer state ", *state)});
    auto const operations = co_await clair::update_operations(examination.world, options, deadline);
    auto const data = std::string("clair's vulnerability data");
    if (!operations.has_value())
        findings.push_back({data, operations.error(), ""});
    else if (operations->empty())
        findings.push_back({data,
                            Error(ErrorKind::config, "no updater has loaded anything yet")
                                .with_remedy("wait for Clair's updaters, or import data"),
                            ""});
    else
        findings.push_back({data, std::nullopt, cat(operations->size(), " updaters have data")});
    co_return findings;
}

io::Task<Findings> check_local_engine(Examination& examination) {
    Findings findings;
    auto const& config = examination.config;
    if (config.has_clair_url)
        co_return findings;
    auto const path = io::path_folders(examination.world.environment.value("PATH"));
    auto folders = config.local.clair_folders;
    folders.insert(folders.end(), path.begin(), path.end());
    for (auto const* name : {"clair", "clairctl"}) {
        auto const found = io::find_program(name, folders);
        if (found)
            findings.push_back({name, std::nullopt, found->string()});
        else
            findings.push_back({name,
                                Error(ErrorKind::config, "not found for the local engine")
                                    .with_remedy("--clair-bin DIR names its folder; or use a Clair "
                                                 "service with --clair-url"),
                                ""});
    }
    co_return findings;
}

io::Task<Findings> check_outputs(Examination& examination) {
    Findings findings;
    for (auto const& target : examination.config.output.targets) {
        if (!target.file)
            continue;
        auto folder = std::filesystem::path(*target.file).parent_path();
        if (folder.empty())
            folder = ".";
        auto const what = cat("output ", *target.file);
        if (::access(folder.c_str(), W_OK | X_OK) == 0)
            findings.push_back({what, std::nullopt, "its folder can be written"});
        else
            findings.push_back({what,
                                Error(ErrorKind::file, "its folder cannot be written")
                                    .with_remedy(cat("create ", folder.string(), " or change -o")),
                                ""});
    }
    co_return findings;
}

// Signs something nobody keeps: a password, token or right that is missing shows now.
io::Task<Findings> check_evidence(Examination& examination) {
    Findings findings;
    auto& world = examination.world;
    auto const& config = examination.config;
    auto const deadline = Deadline::after(world.clock, exchange_time_max);
    if (config.signing.key && !config.signing.is_keyless()) {
        auto const what = cat("signing key ", *config.signing.key);
        auto notary = co_await Notary::make(world, config.signing, deadline);
        if (!notary.has_value()) {
            findings.push_back({what, notary.error(), ""});
        } else {
            auto const proof = co_await notary->sign("{}", deadline);
            auto const key = notary->key();
            if (proof.has_value() && key)
                findings.push_back({what, std::nullopt, cat("signs; public key ", key->hint())});
            else
                findings.push_back({what, proof.error(), ""});
        }
    }
    if (config.signing.is_keyless()) {
        auto const token =
            co_await sign::find_identity_token(world, config.signing.token_file, deadline);
        if (token.has_value())
            findings.push_back({"identity token", std::nullopt, token->from});
        else
            findings.push_back({"identity token", token.error(), ""});
    }
    if (config.trust.key) {
        auto const key = co_await trusted_key(world, config.trust, deadline);
        auto const what = cat("public key ", *config.trust.key);
        if (key.has_value())
            findings.push_back({what, std::nullopt, "can be read"});
        else
            findings.push_back({what, key.error(), ""});
    }
    co_return findings;
}

constexpr Check table[] = {{"policy", check_policy},
                           {"registry", check_registries},
                           {"clair", check_clair},
                           {"local engine", check_local_engine},
                           {"outputs", check_outputs},
                           {"evidence", check_evidence}};

io::Task<Outcome> examine(Examination examination, Streams const& streams) {
    std::optional<Error> first;
    std::size_t failures = 0;
    for (auto const& check : table) {
        auto const findings = co_await check.run(examination);
        for (auto const& finding : findings) {
            streams.out(diagnosis_text(finding));
            failures += finding.error ? std::size_t{1} : std::size_t{0};
            if (finding.error && !first)
                first = finding.error;
        }
    }
    if (!first)
        co_return Outcome::done();
    co_return Outcome::failed(
        Error(first->kind(),
              failures == 1 ? std::string("1 check failed") : cat(failures, " checks failed")));
}

} // namespace

std::span<Check const> checks() {
    return table;
}

std::string diagnosis_text(Diagnosis const& finding) {
    if (!finding.error)
        return cat("ok    ", printable(finding.what), ": ", printable(finding.detail), "\n");
    auto out = cat("FAIL  ", printable(finding.what), ": ", printable(finding.error->text()), "\n");
    if (!finding.error->remedy().empty())
        out += cat("      ", printable(finding.error->remedy()), "\n");
    return out;
}

Outcome doctor_command(Invocation const& invocation) {
    auto const config =
        make_config(invocation.settings, invocation.environment, invocation.streams);
    if (!config.has_value())
        return Outcome::failed(config.error());
    Runtime runtime(invocation.streams, invocation.environment, config->speech, config->http);
    Examination const examination{runtime.world(), *config, invocation.self};
    return runtime.run(examine(examination, invocation.streams));
}

} // namespace clairgate::gate
