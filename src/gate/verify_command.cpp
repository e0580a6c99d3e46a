#include <clairgate/base/text.hpp>
#include <clairgate/gate/commands.hpp>
#include <clairgate/gate/config.hpp>
#include <clairgate/gate/find_report.hpp>
#include <clairgate/gate/runtime.hpp>
#include <clairgate/gate/verify_report.hpp>

#include <algorithm>

namespace clairgate::gate {

namespace {

Outcome refused(Error const& why) {
    return Outcome::judged(policy::Effect::block).with_evidence_failure(why);
}

std::map<std::string, std::string> words_of(policy::Context const& context) {
    std::map<std::string, std::string> words;
    for (auto const& [key, value] : {std::pair("application", &context.application),
                                     std::pair("cluster", &context.cluster),
                                     std::pair("environment", &context.environment)})
        if (!value->empty())
            words.emplace(key, *value);
    return words;
}

// Where there is no policy file at all, nothing here can know an environment or a cluster: what was
// recorded for that name is asked for. One file is enough to hold every name to the files there.
Result<std::vector<policy::Policy>> policies_for(PolicyFiles const& files,
                                                 std::vector<policy::Context> const& contexts) {
    if (!files.files.empty())
        return policies_of(files, contexts);
    std::vector<policy::Policy> policies;
    for (auto const& context : contexts) {
        for (auto const& [flag, name] : words_of(context))
            if (!policy::is_level_name(name))
                return Error(ErrorKind::usage,
                             cat("--", flag, ": \"", printable(name, 60), "\" is no name"))
                    .with_remedy("names match [a-z0-9][a-z0-9._-]*");
        policies.push_back(policy::built_in());
        policies.back().context = context;
    }
    return policies;
}

// The evidence for one image against the policies of all contexts that were asked for.
class Verify {
  public:
    Verify(Invocation const& invocation, Config const& config, Runtime& runtime)
        : invocation_(invocation), config_(config), runtime_(runtime) {}

    io::Task<Outcome> verify(image::Reference reference) {
        auto& world = runtime_.world();
        auto const deadline = Deadline::after(world.clock, config_.timeout);
        auto const& trust = config_.trust;
        auto const files =
            co_await read_policy_files(world, config_.policy, config_.registry, deadline);
        if (!files.has_value())
            co_return Outcome::failed(files.error());
        auto const policies = policies_for(*files, config_.policy.contexts);
        if (!policies.has_value())
            co_return Outcome::failed(policies.error());
        auto key = co_await trusted_key(world, trust, deadline);
        if (!key.has_value())
            co_return Outcome::failed(key.error());
        key_ = *std::move(key);
        std::vector<Piece> pieces;
        if (trust.bundle_file) {
            auto read = pieces_of_file(*trust.bundle_file, trust.may_be_unsigned);
            if (!read.has_value())
                co_return refused(read.error());
            pieces = *std::move(read);
        } else {
            PiecesWish wish{trust.key.has_value()};
            auto found = co_await pieces_of_registry(
                world, config_.registry, reference, std::move(wish), deadline);
            if (!found.has_value())
                co_return Outcome::failed(found.error());
            pieces = *std::move(found);
        }
        std::optional<Outcome> worst;
        for (auto const& policy : *policies) {
            auto outcome = co_await verify_for(reference, policy, pieces, deadline);
            if (!worst || worse(worst->status(true), outcome.status(true)) != worst->status(true))
                worst = std::move(outcome);
        }
        CLAIRGATE_ASSERT(worst.has_value());
        co_return *std::move(worst);
    }

  private:
    io::Task<Outcome> verify_for(image::Reference reference,
                                 policy::Policy policy,
                                 std::vector<Piece> pieces,
                                 Deadline deadline) {
        auto& world = runtime_.world();
        auto const& digest = reference.digest();
        CLAIRGATE_ASSERT(digest.has_value());
        auto const& wanted = config_.trust;
        bool const must_be_signed =
            policy.scan.require_signature.value &&
            policy.scan.require_signature.origin.level != policy::Level::built_in;
        if (wanted.may_be_unsigned && must_be_signed)
            co_return refused(Error(ErrorKind::denied,
                                    "policy requires signed evidence (scan.require_signature in " +
                                        policy.scan.require_signature.origin.file + ")"));
        auto const context = words_of(policy.context);
        // A recorded verdict is that of one context; findings are judged here for any.
        Demand demand{*digest, context, !context.empty() && !is_own(policy)};
        auto found = co_await prove_pieces(
            world, std::move(pieces), key_, wanted, std::move(demand), deadline);
        if (!found.has_value())
            co_return Outcome::failed(found.error());
        auto const now = world.clock.now();
        auto proven = newest(*std::move(found), now);
        if (!proven.has_value())
            co_return refused(proven.error());
        if (auto const fresh = check_age(*proven, age_max_for(wanted, policy), now);
            !fresh.has_value())
            co_return refused(fresh.error());
        auto verified = judge_proven(
            *std::move(proven), std::move(policy), config_.policy.may_be_untrusted, now);
        if (!verified.has_value())
            co_return refused(verified.error());
        co_return shown(*verified);
    }

    Outcome shown(Verified const& verified) {
        runtime_.world().log.info("verified", {{"evidence", verified.sentence}});
        auto const outcome = Outcome::judged(verified.effect);
        auto const written = verified.is_judged_here
                                 ? write_outputs(report::Record(verified.report),
                                                 config_.output,
                                                 invocation_.streams)
                                 : write_recorded(verified);
        return written.has_value() ? outcome : outcome.with_evidence_failure(written.error());
    }

    // What was signed, in every format as the run that signed it wrote it.
    Result<void> write_recorded(Verified const& verified) const {
        auto const recorded = TRY(report::parse_record(verified.recorded_json));
        report::Record const record(recorded.stored.report, recorded.account);
        auto rendered = render_outputs(record, config_.output, invocation_.streams);
        for (auto& output : rendered) {
            if (output.format == "json")
                output.text = verified.recorded_json;
            else if (output.format == "table")
                output.text = cat(recorded_text(verified), output.text);
        }
        return write_rendered(rendered, invocation_.streams);
    }

    Invocation const& invocation_;
    Config const& config_;
    Runtime& runtime_;
    std::optional<sign::PublicKey> key_;
};

Result<image::Reference> reference_of(std::vector<std::string> const& arguments) {
    if (arguments.size() != 1)
        return Error(ErrorKind::usage, "verify needs one REF@DIGEST")
            .with_remedy("clairgate verify --key cosign.pub registry.example/team/app@sha256:…");
    auto reference = TRY(image::Reference::parse(arguments.front()));
    if (!reference.digest())
        return Error(ErrorKind::usage, cat(reference.text(), " has no digest: a tag can be moved"))
            .with_remedy("verify what will be deployed: repository@sha256:…");
    return reference;
}

Result<void> check(Config const& config) {
    auto const& trust = config.trust;
    bool const is_unsigned = trust.may_be_unsigned && trust.bundle_file;
    if (!trust.key && !trust.identity && !is_unsigned)
        return Error(ErrorKind::usage, "whose signature counts?")
            .with_remedy("name the public key, --key cosign.pub, or who must have signed: "
                         "--certificate-identity NAME --certificate-oidc-issuer URL");
    if (trust.is_offline && !trust.bundle_file)
        return Error(ErrorKind::usage, "--offline needs --bundle")
            .with_remedy("run --bundle FILE wrote the evidence");
    auto const& sources = config.policy.sources;
    if (trust.is_offline && std::any_of(sources.begin(), sources.end(), [](auto const& source) {
            return source.artifact.has_value();
        }))
        return Error(ErrorKind::usage, "--offline reads no policy from a registry")
            .with_remedy("--policy DIR names a folder");
    return ok();
}

} // namespace

Outcome verify_command(Invocation const& invocation) {
    auto const config =
        make_config(invocation.settings, invocation.environment, invocation.streams);
    if (!config.has_value())
        return Outcome::failed(config.error());
    auto reference = reference_of(invocation.settings.arguments());
    if (!reference.has_value())
        return Outcome::failed(reference.error());
    if (auto const checked = check(*config); !checked.has_value())
        return Outcome::failed(checked.error());
    Runtime runtime(invocation.streams, invocation.environment, config->speech, config->http);
    Verify verify(invocation, *config, runtime);
    return runtime.run(verify.verify(*std::move(reference)));
}

} // namespace clairgate::gate
