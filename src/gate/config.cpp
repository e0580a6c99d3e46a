#include <clairgate/base/bytes.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/gate/config.hpp>
#include <clairgate/gate/config_checks.hpp>
#include <clairgate/gate/version.hpp>
#include <clairgate/io/files.hpp>

#include <set>

#include <unistd.h>

namespace clairgate::gate {

namespace {

namespace fs = std::filesystem;

Error wrong(std::string_view setting, std::string_view value, std::string_view wanted) {
    return {ErrorKind::usage, cat("--", setting, ": \"", value, "\" is not ", wanted)};
}

Result<Speech> speech_of(Settings const& settings) {
    Speech speech;
    auto const format = settings.text("log-format").value_or("text");
    if (format != "text" && format != "json")
        return wrong("log-format", format, "text or json");
    speech.format = format == "json" ? LogFormat::json : LogFormat::text;
    auto const level = settings.text("log-level").value_or("info");
    for (auto const known : {LogLevel::debug, LogLevel::info, LogLevel::warning, LogLevel::error})
        if (to_string(known) == level) {
            speech.level = known;
            return speech;
        }
    return wrong("log-level", level, "debug, info, warning or error");
}

std::optional<std::string> first_of(io::Environment const& environment,
                                    std::initializer_list<std::string_view> names) {
    for (auto const name : names)
        if (auto value = environment.value(name))
            return value;
    return std::nullopt;
}

io::HttpOptions http_of(Settings const& settings, io::Environment const& environment) {
    io::HttpOptions http;
    http.user_agent = cat("clairgate/", version());
    http.ca_file = environment.value("SSL_CERT_FILE");
    http.ca_directory = environment.value("SSL_CERT_DIR");
    // Upper-case HTTP_PROXY is not read: a CGI server fills it from a request header (httpoxy).
    http.http_proxy = environment.value("http_proxy");
    http.https_proxy = first_of(environment, {"https_proxy", "HTTPS_PROXY"});
    http.no_proxy = first_of(environment, {"no_proxy", "NO_PROXY"});
    http.insecure_tls_hosts = settings.list("insecure-tls");
    return http;
}

Result<std::vector<image::Platform>> platforms_of(Settings const& settings) {
    std::vector<image::Platform> platforms;
    for (auto const& text : settings.list("platform"))
        platforms.push_back(TRY(image::Platform::parse(text).with_context("--platform")));
    return platforms;
}

// A=B; what is none was told by mistakes_in.
std::map<std::string, std::string> pairs_of(Settings const& settings, std::string_view name) {
    std::map<std::string, std::string> pairs;
    for (auto const& text : settings.list(name))
        if (auto const equals = text.find('='); equals != std::string::npos)
            pairs[text.substr(0, equals)] = text.substr(equals + 1);
    return pairs;
}

Result<void> fill_clair(Settings const& settings, Config& config) {
    auto& clair = config.clair;
    clair.psk_issuer = settings.text("clair-psk-issuer").value_or("clairgate");
    clair.may_post_basic = settings.flag("allow-basic-to-clair");
    clair.data_wait_max = settings.duration("data-wait");
    clair.layer_hosts = pairs_of(settings, "layer-host");
    auto const url = settings.text("clair-url");
    if (!url)
        return ok();
    auto parsed = io::Url::parse(*url);
    if (!parsed.has_value())
        return Error(ErrorKind::usage, cat("--clair-url: ", parsed.error().text()))
            .with_remedy("--clair-url http://HOST:6060 or https://…");
    clair.url = *std::move(parsed);
    config.has_clair_url = true;
    config.clair_psk_file = settings.text("clair-psk-file");
    if (auto const file = settings.text("clair-ca"))
        config.http.ca_file_by_host[cat(clair.url.origin.host, ":", clair.url.origin.port)] = *file;
    return ok();
}

fs::path default_state_folder(io::Environment const& environment) {
    if (::geteuid() == 0)
        return "/var/lib/clairgate";
    if (auto const base = environment.value("XDG_STATE_HOME"); base && base->starts_with('/'))
        return fs::path(*base) / "clairgate";
    return fs::path(environment.value("HOME").value_or("/tmp")) / ".local/state/clairgate";
}

std::vector<fs::path> folders_of(std::vector<std::string> const& texts) {
    std::vector<fs::path> folders;
    for (auto const& text : texts)
        folders.push_back(fs::absolute(text));
    return folders;
}

Result<std::vector<OutputTarget>> outputs_of(Settings const& settings) {
    auto texts = settings.list("output");
    if (texts.empty())
        texts.emplace_back("table");
    std::vector<OutputTarget> targets;
    std::set<std::string> places;
    for (auto const& text : texts) {
        auto const equals = text.find('=');
        auto const* const format = TRY(report::find_format(text.substr(0, equals)));
        OutputTarget target{format, std::nullopt};
        if (equals != std::string::npos)
            target.file = text.substr(equals + 1);
        if (target.file && target.file->empty())
            return wrong("output", text, "FORMAT or FORMAT=FILE");
        if (!places.insert(target.file.value_or("")).second)
            return Error(ErrorKind::usage,
                         target.file ? cat("two reports for the file ", *target.file)
                                     : std::string("two reports for standard output"))
                .with_remedy("give all but one a file: -o json=report.json");
        targets.push_back(std::move(target));
    }
    return targets;
}

Result<bool>
colour_of(Settings const& settings, io::Environment const& environment, Streams const& streams) {
    auto const when = settings.text("color").value_or("auto");
    if (when != "auto" && when != "always" && when != "never")
        return wrong("color", when, "auto, always or never");
    return when == "always" ||
           (when == "auto" && streams.is_out_terminal && !environment.value("NO_COLOR"));
}

Result<PolicySource> policy_source_of(std::string_view text, bool has_key) {
    PolicySource source;
    auto rest = text;
    auto const equals = text.find('=');
    auto const colon = text.find(':');
    if (equals != std::string_view::npos && equals < colon) {
        source.level = policy::parse_level(text.substr(0, equals));
        if (!source.level)
            return wrong("policy-source",
                         text.substr(0, equals),
                         "a level: global, cluster, environment or application");
        rest.remove_prefix(equals + 1);
    }
    source.text = std::string(rest);
    if (rest.starts_with("git:")) {
        source.commit = std::string(rest.substr(4));
        return source;
    }
    if (!rest.starts_with("oci:"))
        return wrong("policy-source", text, "[LEVEL=]git:COMMIT or [LEVEL=]oci:REF@DIGEST");
    source.artifact = TRY(image::Reference::parse(rest.substr(4)).with_context("--policy-source"));
    if (!source.artifact->digest() && !has_key)
        return Error(ErrorKind::usage,
                     cat("--policy-source: ", rest, " has no digest: a tag can be moved"))
            .with_remedy(
                "--policy-source oci:REF@sha256:…, as policy push printed it; or say whose "
                "signature makes the tag acceptable: --policy-key cosign.pub");
    return source;
}

Result<void> fill_policy_choice(Settings const& settings, PolicyChoice& choice) {
    choice.folder = settings.text("policy").value_or(".clairgate/policy");
    choice.is_named = settings.is_set("policy");
    choice.may_be_untrusted = settings.flag("allow-untrusted-policy");
    choice.key = settings.text("policy-key");
    for (auto const& text : settings.list("policy-source"))
        choice.sources.push_back(TRY(policy_source_of(text, choice.key.has_value())));
    policy::Context context;
    context.cluster = settings.text("cluster").value_or("");
    context.application = settings.text("application").value_or("");
    choice.contexts.clear();
    for (auto const& environment : settings.list("environment")) {
        context.environment = environment;
        choice.contexts.push_back(context);
    }
    if (choice.contexts.empty())
        choice.contexts.push_back(context);
    return ok();
}

Result<void> fill_facts(Settings const& settings, FactChoice& facts) {
    facts.kev_file = settings.text("kev");
    facts.kev_age_max = settings.duration("kev-max-age");
    facts.epss_file = settings.text("epss");
    facts.epss_age_max = settings.duration("epss-max-age");
    facts.vex_files = settings.list("vex");
    if (auto const against = settings.text("against")) {
        bool const is_image = against->find("@sha256:") != std::string::npos;
        if (is_image)
            facts.baseline_image = TRY(image::Reference::parse(*against).with_context("--against"));
        else
            facts.baseline_file = *against;
    }
    return ok();
}

Result<void> fill_policy(Settings const& settings, Config& config) {
    TRY_VOID(fill_policy_choice(settings, config.policy));
    TRY_VOID(fill_facts(settings, config.facts));
    if (auto const base = settings.text("base-image"))
        config.base_image = TRY(image::Reference::parse(*base).with_context("--base-image"));
    if (auto const day = settings.text("at")) {
        // A day alone is its last second: what expires on that day still holds.
        auto const moment = parse_rfc3339(day->size() == 10 ? *day + "T23:59:59Z" : *day);
        if (!moment.has_value())
            return wrong("at", *day, "a day such as 2026-12-31, or a moment");
        config.at = *moment;
    }
    auto const text = settings.text("on-error");
    if (!text)
        return ok();
    auto const action = policy::parse_action(*text);
    if (!action || *action == policy::Action::block_if_fixed)
        return wrong("on-error", *text, "block, warn or allow");
    config.on_error = action;
    return ok();
}

Result<void> fill_wait(Settings const& settings, Config& config) {
    config.wait.images = settings.list("image");
    config.wait.digest_files = settings.list("digest-file");
    config.wait.accepts_existing = settings.flag("accept-existing");
    config.wait.timeout = settings.duration("wait-timeout");
    for (auto const& image : config.wait.images) {
        auto const reference = TRY(image::Reference::parse(image).with_context("--image"));
        if (auto const file = settings.text("registry-ca"))
            config.http.ca_file_by_host[reference.repository().registry] = *file;
    }
    return ok();
}

void fill_local(Settings const& settings, io::Environment const& environment, Config& config) {
    auto& local = config.local;
    local.state_folder = fs::absolute(
        settings.text("state-dir").value_or(default_state_folder(environment).string()));
    local.clair_folders = folders_of(settings.list("clair-bin"));
    local.postgres_folders = folders_of(settings.list("postgres-bin"));
    local.updaters = settings.list("updaters");
    local.updater_urls = pairs_of(settings, "updater-url");
}

} // namespace

Result<std::optional<Secret>> load_psk(Config const& config) {
    if (!config.clair_psk_file)
        return std::optional<Secret>();
    auto const secret = io::read_secret(*config.clair_psk_file);
    if (!secret.has_value())
        return Error(ErrorKind::config, secret.error().text())
            .with_remedy("--clair-psk-file names a file that can be read");
    return std::optional(TRY(decode_psk(*secret)));
}

Result<Secret> decode_psk(Secret const& file_text) {
    auto bytes = from_base64(file_text.reveal());
    if (!bytes.has_value() || bytes->empty())
        return Error(ErrorKind::config, "the pre-shared key is not base64")
            .with_remedy("--clair-psk-file holds the key as auth.psk.key of Clair's configuration");
    return Secret(*std::move(bytes));
}

Result<Config>
make_config(Settings const& settings, io::Environment const& environment, Streams const& streams) {
    Config config;
    auto mistakes = mistakes_in(settings);
    auto const take = [&mistakes]<class T>(Result<T> part, T& into) {
        if (part.has_value())
            into = *std::move(part);
        else
            mistakes.push_back(part.error());
    };
    auto const keep = [&mistakes](Result<void> const& part) {
        if (!part.has_value())
            mistakes.push_back(part.error());
    };
    take(speech_of(settings), config.speech);
    config.http = http_of(settings, environment);
    config.registry.plain_http_hosts = settings.list("plain-http");
    config.registry.trusted_realm_hosts = settings.list("trusted-realm");
    take(platforms_of(settings), config.registry.platforms);
    keep(fill_wait(settings, config));
    keep(fill_clair(settings, config));
    fill_local(settings, environment, config);
    keep(fill_policy(settings, config));
    take(signing_choice_of(settings), config.signing);
    take(trust_choice_of(settings), config.trust);
    take(outputs_of(settings), config.output.targets);
    take(colour_of(settings, environment, streams), config.output.has_colour);
    config.output.source_file = settings.text("source-file").value_or("");
    config.timeout = settings.duration("timeout");
    TRY_VOID(first_with_others(std::move(mistakes)));
    return config;
}

} // namespace clairgate::gate
