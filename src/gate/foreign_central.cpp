#include <clairgate/base/json.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/clair/ecosystems.hpp>
#include <clairgate/clair/json_object.hpp>
#include <clairgate/gate/foreign_report.hpp>

#include <nlohmann/json.hpp>

#include <map>
#include <set>
#include <utility>

namespace clairgate::gate {

namespace {

// protobuf's JSON leaves out what has the value 0 or "": an absent severity is UNKNOWN, an absent
// source OS, an absent fixedBy no fix.

constexpr std::string_view untold = "unknown";

// Where StackRox found a component → the registry as Clair calls it, or its name here.
constexpr std::pair<std::string_view, std::string_view> sources[] = {
    {"PYTHON", "pypi"},
    {"JAVA", "maven"},
    {"RUBY", "rubygems"},
    {"GO", "go"},
    {"NODEJS", "npm"},
    {"DOTNETCORERUNTIME", "dotnet"},
    {"INFRASTRUCTURE", "infrastructure"}};

std::string version_of_vector(std::string_view vector) {
    constexpr std::string_view prefix = "CVSS:"; // "CVSS:3.1/AV:N/…"; version 2 has none
    if (!vector.starts_with(prefix))
        return {};
    return std::string(vector.substr(prefix.size(), vector.find('/') - prefix.size()));
}

// Cut at a character, so that the text stays UTF-8.
std::string shortened(std::string text) {
    if (text.size() <= finding::description_bytes_max)
        return text;
    auto end = finding::description_bytes_max;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U)
        --end;
    text.resize(end);
    return text;
}

Result<std::vector<finding::Cvss>> cvss_of(nlohmann::json const& object) {
    std::vector<finding::Cvss> scores;
    auto const score = TRY(foreign::score(object, "cvss"));
    auto const version = TRY(foreign::text(object, "scoreVersion"));
    auto const* const details =
        TRY(json::optional_object(object, version == "V3" ? "cvssV3" : "cvssV2"));
    auto vector = details == nullptr ? std::string() : TRY(foreign::text(*details, "vector"));
    if (score)
        scores.push_back({version_of_vector(vector), vector, *score});
    return scores;
}

Result<std::string> summary_of(nlohmann::json const& object) {
    auto summary = TRY(json::optional_string(object, "summary"));
    if (!summary)
        return std::string();
    if (summary->find('\0') != std::string::npos)
        return foreign::broken("\"summary\" holds NUL");
    return shortened(std::move(*summary));
}

Result<void> take_vulnerability(finding::Finding& finding, nlohmann::json const& object) {
    finding.id = TRY(foreign::told_text(object, "cve"));
    if (finding.id.empty())
        return foreign::broken("a vulnerability without id");
    finding.fixed_version = TRY(foreign::text(object, "fixedBy"));
    finding.description = TRY(summary_of(object));
    finding.cvss = TRY(cvss_of(object));
    if (auto const* const advisory = TRY(json::optional_object(object, "advisory"))) {
        auto name = TRY(foreign::text(*advisory, "name"));
        if (!name.empty() && name != finding.id)
            finding.aliases.push_back(std::move(name));
    }
    auto const published = TRY(foreign::text(object, "publishedOn"));
    if (!published.empty() && !published.starts_with("0001-"))
        finding.published = TRY(parse_rfc3339(published));
    foreign::add_link(finding, TRY(foreign::text(object, "link")));
    auto word = TRY(foreign::text(object, "severity"));
    auto const severity =
        word.empty() ? finding::Severity::unknown : TRY(foreign::stackrox_severity(word));
    foreign::grade(finding, severity, std::move(word));
    return ok();
}

// Reads the components one by one.
class ScanReader {
  public:
    Result<finding::ScanReport> read(std::string_view text, image::Digest const& image) {
        static constexpr std::string_view keys[] = {
            "components", "notes", "operatingSystem", "scannerVersion"};
        auto const parts = TRY(foreign::members(text, keys));
        TRY_VOID(read_notes(parts[1]));
        read_system(TRY(text_at("operatingSystem", parts[2])));
        scan_.scanner.name = "stackrox";
        scan_.scanner.version = TRY(text_at("scannerVersion", parts[3]));
        if (!parts[0].empty()) { // left out when there are none
            clair::JsonArray components(parts[0]);
            while (TRY(components.next()))
                TRY_VOID(read_component(components.value()));
        }
        auto& platform = scan_.platforms.emplace_back(
            finding::PlatformScan{"", image, packages_, 0, {}}); // which one is not told
        for (auto& [place, coverage] : ecosystems_)
            platform.ecosystems.push_back(std::move(coverage));
        return std::move(scan_);
    }

  private:
    static Result<std::string> text_at(std::string_view key, std::string_view text) {
        return foreign::text_of(key, TRY(foreign::value(text)));
    }

    Result<void> read_notes(std::string_view text) {
        auto const notes = TRY(foreign::value(text));
        if (!notes.is_null() && !notes.is_array())
            return foreign::broken("\"notes\" is not an array");
        for (auto const& note : notes)
            notes_.insert(TRY(foreign::text_of("notes", note)));
        return ok();
    }

    // "debian:12", "alpine:v3.19"
    void read_system(std::string_view text) {
        auto const colon = text.find(':');
        if (text == untold || text.empty() || notes_.contains("OS_UNAVAILABLE"))
            return;
        system_.did = text.substr(0, colon);
        if (colon == std::string_view::npos)
            return;
        auto version = text.substr(colon + 1);
        if (version.starts_with('v'))
            version.remove_prefix(1);
        system_.version_id = version;
    }

    // The package with all that its source tells of it, counted.
    Result<finding::Finding> place_of(std::span<std::string_view const> parts) {
        finding::Finding place;
        place.package.name = TRY(text_at("name", parts[0]));
        place.package.version = TRY(text_at("version", parts[1]));
        place.package.architecture = TRY(text_at("architecture", parts[3]));
        if (place.package.name.empty())
            return foreign::broken("a component without name");
        auto const source = TRY(text_at("source", parts[2]));
        bool const is_system = source.empty() || source == "OS";
        clair::Habitat habitat;
        if (is_system)
            habitat = system_;
        for (auto const& [word, repository] : sources)
            if (source == word)
                habitat.repository_name = repository;
        auto const ecosystem = clair::ecosystem_of(habitat);
        bool const is_known = ecosystem.name != untold || !habitat.repository_name.empty();
        place.package.ecosystem =
            ecosystem.name == untold ? habitat.repository_name : std::string(ecosystem.name);
        place.package.repository = habitat.repository_name;
        place.package.purl = clair::purl_of(place.package, ecosystem, habitat);
        if (is_system)
            place.distribution =
                habitat.did.empty() ? std::string(untold) : clair::distribution_text(habitat);
        bool const has_data =
            !notes_.contains(is_system ? "OS_CVES_UNAVAILABLE" : "LANGUAGE_CVES_UNAVAILABLE");
        count(place, is_known && has_data);
        return place;
    }

    void count(finding::Finding const& place, bool is_supported) {
        auto const name =
            place.package.ecosystem.empty() ? std::string(untold) : place.package.ecosystem;
        auto& coverage = ecosystems_[{name, place.distribution}];
        coverage.ecosystem = name;
        coverage.distribution = place.distribution;
        coverage.is_supported = is_supported;
        ++coverage.packages;
        ++packages_;
    }

    Result<void> read_component(std::string_view text) {
        static constexpr std::string_view keys[] = {
            "name", "version", "source", "architecture", "vulns"};
        auto const parts = TRY(foreign::members(text, keys));
        auto const place = TRY(place_of(parts));
        if (parts[4].empty())
            return ok();
        clair::JsonArray vulnerabilities(parts[4]);
        while (TRY(vulnerabilities.next())) {
            TRY_VOID(foreign::check_room(scan_));
            auto finding = place;
            TRY_VOID(take_vulnerability(finding, TRY(foreign::entry(vulnerabilities.value()))));
            scan_.findings.push_back(std::move(finding));
        }
        return ok();
    }

    std::set<std::string, std::less<>> notes_;
    clair::Habitat system_;
    std::map<std::pair<std::string, std::string>, finding::EcosystemCoverage> ecosystems_;
    std::size_t packages_ = 0;
    finding::ScanReport scan_;
};

Result<image::Digest> digest_of(std::string_view id) {
    auto const text = TRY(foreign::text_of("id", TRY(foreign::value(id))));
    auto digest = image::Digest::parse(text);
    if (!digest.has_value())
        return foreign::broken("its id is not the digest of an image");
    return digest;
}

Result<image::Reference> reference_of(std::string_view name, image::Digest const& digest) {
    auto const object = TRY(foreign::entry(name));
    auto const registry = TRY(foreign::text(object, "registry"));
    auto const remote = TRY(foreign::text(object, "remote"));
    if (registry.empty() && remote.empty())
        return image::Reference::make(untold_repository(), digest);
    auto reference = image::Reference::parse(cat(registry, "/", remote, "@", digest.text()));
    if (!reference.has_value() || reference->tag())
        return foreign::broken("its name is no repository");
    // A first part that is no host would have been taken for a folder of Docker Hub.
    auto const host = to_lower(registry);
    auto const& parsed = reference->repository().registry;
    if (parsed != host && !(parsed == "docker.io" && host.ends_with(".docker.io")))
        return foreign::broken("the registry of its name is no host");
    return reference;
}

} // namespace

Result<report::Report> parse_central_image(std::string& bytes) {
    static constexpr std::string_view keys[] = {"id", "name", "scan"};
    if (!is_utf8(bytes))
        return foreign::broken("it is not UTF-8");
    auto const parts = TRY(foreign::members(bytes, keys));
    auto const digest = TRY(digest_of(parts[0]));
    auto reference = TRY(reference_of(parts[1], digest));
    auto scan = TRY(ScanReader().read(parts[2], digest));
    return foreign::report_of(std::move(reference), std::move(scan));
}

} // namespace clairgate::gate
