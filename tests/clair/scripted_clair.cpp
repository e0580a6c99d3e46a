#include <clairgate/base/text.hpp>

#include <clair/scripted_clair.hpp>

namespace clairgate::clair::test_support {

using nlohmann::json;
using test::Answer;
using test::Received;

image::Digest digest_of(std::string_view name) {
    return image::Digest::of(name);
}

namespace {

json package(std::string const& id, std::string const& name, std::string const& version) {
    return {{"id", id},
            {"name", name},
            {"version", version},
            {"kind", "binary"},
            {"source",
             {{"id", ""}, {"name", ""}, {"version", ""}, {"normalized_version", ""}, {"cpe", ""}}},
            {"normalized_version", ""},
            {"arch", ""},
            {"module", ""},
            {"cpe", ""}};
}

json vulnerability(std::string const& id, std::string const& name, std::string const& severity) {
    return {{"id", id},
            {"updater", "debian/updater"},
            {"name", name},
            {"description", "A flaw of " + name},
            {"issued", "2024-01-02T03:04:05Z"},
            {"links", "https://security-tracker.test/" + name},
            {"severity", "word of " + name},
            {"normalized_severity", severity},
            {"package", package("", "zlib", "")},
            {"distribution", {{"id", ""}, {"did", ""}}},
            {"repository", {{"id", ""}, {"name", ""}}},
            {"fixed_in_version", ""}};
}

} // namespace

json clair_report(image::Digest const& manifest) {
    auto zlib = package("1", "zlib1g", "1:1.2.13-1");
    zlib["arch"] = "amd64";
    zlib["source"]["name"] = "zlib";
    zlib["source"]["version"] = "1:1.2.13-1";
    auto fixed = vulnerability("7", "CVE-2024-0001", "High");
    fixed["fixed_in_version"] = "1:1.2.13-2";
    auto ghsa = vulnerability("9", "GHSA-aaaa-bbbb-cccc", "Medium");
    ghsa["updater"] = "osv/pypi";
    ghsa["links"] = "https://osv.dev/vulnerability/CVE-2024-0003";
    ghsa["fixed_in_version"] = "fixed=2.31.0&introduced=2.3.0";
    auto const layer = digest_of("layer 1").text();
    json const score{{"version", "3.1"},
                     {"vectorString", "CVSS:3.1/AV:N"},
                     {"baseScore", 9.8},
                     {"baseSeverity", "CRITICAL"}};
    return {{"manifest_hash", manifest.text()},
            {"packages", {{"1", zlib}, {"2", package("2", "requests", "2.30.0")}}},
            {"distributions",
             {{"4",
               {{"id", "4"},
                {"did", "debian"},
                {"name", "Debian GNU/Linux"},
                {"version", "12 (bookworm)"},
                {"version_code_name", "bookworm"},
                {"version_id", "12"},
                {"arch", ""},
                {"cpe", ""},
                {"pretty_name", "Debian GNU/Linux 12 (bookworm)"}}}}},
            {"repository",
             {{"5", {{"id", "5"}, {"name", "pypi"}, {"uri", "https://p.test/"}, {"cpe", ""}}}}},
            {"environments",
             {{"1",
               {{{"package_db", "var/lib/dpkg/status"},
                 {"introduced_in", layer},
                 {"distribution_id", "4"},
                 {"repository_ids", nullptr}}}},
              {"2",
               {{{"package_db", "python:usr/lib/python3/dist-packages"},
                 {"introduced_in", digest_of("layer 2").text()},
                 {"distribution_id", ""},
                 {"repository_ids", {"5"}}}}}}},
            {"vulnerabilities",
             {{"7", fixed}, {"8", vulnerability("8", "CVE-2024-0002", "Unknown")}, {"9", ghsa}}},
            {"package_vulnerabilities", {{"1", {"7", "8"}}, {"2", {"9"}}}},
            {"enrichments",
             {{"message/vnd.clair.map.vulnerability; enricher=clair.cvss schema=none",
               json::array({{{"8", {score}}}})}}}};
}

image::PlatformImage platform_image(std::string_view name, std::string architecture) {
    auto const layer = [](std::string_view which) {
        image::Descriptor out{
            "application/vnd.oci.image.layer.v1.tar+gzip", digest_of(which), 1, std::nullopt, {}};
        return out;
    };
    image::Manifest manifest{"application/vnd.oci.image.manifest.v1+json",
                             digest_of(name),
                             layer("config"),
                             {layer("layer 1"), layer("layer 2")},
                             {}};
    image::Platform platform;
    platform.os = "linux";
    platform.architecture = std::move(architecture);
    return {platform, manifest, {}};
}

image::Subject subject_of(std::string const& registry,
                          std::vector<image::PlatformImage> platforms) {
    auto const digest = digest_of("index");
    image::Repository const repository{registry, "team/app"};
    return {image::Reference::make(repository, digest), digest, "", std::move(platforms), {}};
}

Answer clair_error(int status, std::string const& message) {
    return Answer::json(status, json{{"code", "internal-error"}, {"message", message}}.dump());
}

Answer index_report(int status, std::string const& manifest, std::string const& state) {
    return Answer::json(status,
                        json{{"manifest_hash", manifest},
                             {"state", state},
                             {"success", state == "IndexFinished"},
                             {"err", ""},
                             {"packages", json::object()}}
                            .dump());
}

ScriptedClair::ScriptedClair() {
    clair.emplace(world.context, [this](Received const& request) { return clair_answer(request); });
    registry_server.emplace(world.context,
                            [this](Received const& request) { return registry_answer(request); });
    options.url = io::Url::parse(clair->url()).value();
    options.exchange_time_max = std::chrono::seconds(5);
}

Answer ScriptedClair::clair_answer(Received const& request) {
    auto const nth = ++seen_[request.method + " " + request.target];
    if (hook) {
        if (auto answer = hook(request, nth))
            return *answer;
    }
    return faithful(request);
}

Answer ScriptedClair::faithful(Received const& request) {
    std::string_view const target = request.target;
    if (request.method == "POST" && target == index_path) {
        auto const hash = json::parse(request.body)["hash"].get<std::string>();
        indexed.insert(hash);
        return index_report(201, hash, "IndexFinished");
    }
    if (target.starts_with(index_path)) {
        auto const digest = std::string(target.substr(index_path.size() + 1));
        if (request.method == "DELETE") {
            indexed.erase(digest);
            return Answer::text(204, "");
        }
        return indexed.contains(digest) ? index_report(200, digest, "IndexFinished")
                                        : clair_error(404, "index report not found");
    }
    if (target.starts_with(match_path)) {
        auto const digest = std::string(target.substr(match_path.size()));
        if (!indexed.contains(digest))
            return clair_error(404, "index report for manifest not found");
        return Answer::json(200, clair_report(image::Digest::parse(digest).value()).dump());
    }
    if (target == "/indexer/api/v1/index_state")
        return Answer::json(200, R"({"state":"0123456789abcdef"})");
    if (target.find("update_operation?kind=vulnerability") != std::string_view::npos)
        return Answer::json(
            200,
            R"({"debian/updater":[{"ref":"r","fingerprint":"f","date":"2026-11-01T00:00:00Z"}]})");
    if (target.find("update_operation?kind=enrichment") != std::string_view::npos)
        return Answer::json(
            200, R"({"clair.cvss":[{"ref":"r","fingerprint":"f","date":"2026-11-02T00:00:00Z"}]})");
    return clair_error(404, "nothing here");
}

Answer ScriptedClair::registry_answer(Received const& request) {
    if (registry_hook) {
        if (auto answer = registry_hook(request, ++seen_["registry " + request.target]))
            return *answer;
    }
    if (request.target.starts_with("/token"))
        return Answer::json(
            200, json{{"token", "token-" + std::to_string(++tokens_)}, {"expires_in", 300}}.dump());
    if (request.headers.contains("authorization"))
        return Answer::json(200, "{}");
    Answer answer = Answer::json(401, "{}");
    answer.headers.emplace_back(
        "WWW-Authenticate",
        has_basic_auth ? std::string("Basic realm=\"r\"")
                       : cat("Bearer realm=\"", registry_server->url(), "/token\",service=\"s\""));
    return answer;
}

Result<finding::ScanReport> ScriptedClair::scan(std::vector<image::PlatformImage> platforms,
                                                Duration timeout) {
    return scan_before(std::move(platforms), timeout, timeout + std::chrono::hours(1));
}

Result<finding::ScanReport>
ScriptedClair::interrupted_scan(std::vector<image::PlatformImage> platforms, Duration patience) {
    return scan_before(std::move(platforms), std::chrono::hours(1), patience);
}

Result<finding::ScanReport> ScriptedClair::scan_before(std::vector<image::PlatformImage> platforms,
                                                       Duration timeout,
                                                       Duration patience) {
    registry::Client registry(world.world, registry::Options());
    auto const subject = subject_of(registry_server->host(), std::move(platforms));
    auto const deadline = Deadline::after(world.clock, timeout);
    auto const end = Deadline::after(world.clock, patience);
    Progress const progress = [this](std::string_view step, std::string_view detail) {
        steps.push_back(cat(step, ": ", detail));
    };
    return world.run(
        io::before(world.clock,
                   end,
                   "the scan",
                   clair::scan(world.world, options, registry, subject, deadline, progress)));
}

bool ScriptedClair::leaves_nothing() {
    clair.reset();
    registry_server.reset();
    return world.is_idle_after_polling();
}

int ScriptedClair::count(std::string_view method_and_path) const {
    int out = 0;
    for (auto const& [what, times] : seen_)
        out += what.starts_with(method_and_path) ? times : 0;
    return out;
}

} // namespace clairgate::clair::test_support
