#include <clairgate/base/text.hpp>
#include <clairgate/gate/evidence_choice.hpp>

#include <utility>

namespace clairgate::gate {

namespace {

Error wrong(std::string_view setting, std::string_view value, std::string_view wanted) {
    return {ErrorKind::usage, cat("--", setting, ": \"", value, "\" is not ", wanted)};
}

Result<Attach> attach_of(std::string const& text) {
    for (auto const& [word, attach] : {std::pair("auto", Attach::automatic),
                                       std::pair("always", Attach::always),
                                       std::pair("never", Attach::never)})
        if (text == word)
            return attach;
    return wrong("attach", text, "auto, always or never");
}

Result<Storage> storage_of(std::string const& text) {
    for (auto const& [word, storage] : {std::pair("both", Storage::both),
                                        std::pair("bundle", Storage::bundle),
                                        std::pair("att", Storage::envelope)})
        if (text == word)
            return storage;
    return wrong("storage", text, "both, bundle or att");
}

Error lacks(std::string_view setting, std::string_view other) {
    return Error(ErrorKind::usage, cat("--", setting, " needs --", other));
}

} // namespace

Result<SigningChoice> signing_choice_of(Settings const& settings) {
    SigningChoice choice;
    choice.key = settings.text("sign");
    choice.bundle_file = settings.text("bundle");
    choice.attach = TRY(attach_of(settings.text("attach").value_or("auto")));
    choice.storage = TRY(storage_of(settings.text("storage").value_or("both")));
    for (auto const& type : settings.list("predicate")) {
        if (type != "vulns")
            return wrong("predicate", type, "vulns (the report's own type is always written)");
        choice.wants_vulns = true;
    }
    choice.signing_config_file = settings.text("signing-config");
    choice.token_file = settings.text("identity-token");
    choice.wants_old_log = settings.flag("old-log");
    if (choice.is_keyless() && !choice.signing_config_file)
        return lacks("sign keyless", "signing-config")
            .with_remedy("--signing-config FILE names Sigstore's signing_config.v0.2.json: the "
                         "public good instance's, or your own");
    if (!choice.key && choice.attach == Attach::always)
        return lacks("attach always", "sign").with_remedy("name the key: --sign KEYREF");
    return choice;
}

Result<TrustChoice> trust_choice_of(Settings const& settings) {
    TrustChoice choice;
    choice.key = settings.text("key");
    choice.identity = settings.text("certificate-identity");
    choice.issuer = settings.text("certificate-oidc-issuer");
    choice.trusted_root_file = settings.text("trusted-root");
    choice.bundle_file = settings.text("bundle");
    choice.is_offline = settings.flag("offline");
    choice.may_be_unsigned = settings.flag("unsafe-allow-unsigned");
    if (auto const text = settings.text("max-age")) {
        auto const age = parse_duration(*text);
        if (!age.has_value())
            return age.error().with_context("--max-age");
        choice.age_max = *age;
    }
    if (choice.identity.has_value() != choice.issuer.has_value())
        return choice.identity ? lacks("certificate-identity", "certificate-oidc-issuer")
                               : lacks("certificate-oidc-issuer", "certificate-identity");
    if (choice.key && choice.identity)
        return Error(ErrorKind::usage, "--key and --certificate-identity exclude each other");
    return choice;
}

} // namespace clairgate::gate
