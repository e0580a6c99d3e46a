#pragma once

#include <clairgate/image/digest.hpp>

#include <nlohmann/json.hpp>

#include <string>

/// What other tools write about an image, with the keys that they use.
namespace clairgate::test {

inline std::string manifest_digest() {
    return image::Digest::of("manifest").text();
}

/// Clair 4.9: zlib1g of Debian 12 has CVE-2024-0001 (High, fixed) and CVE-2024-0002 (Unknown).
inline nlohmann::json clair_sample() {
    using nlohmann::json;
    auto const vulnerability = [](std::string const& name, std::string const& severity) {
        return json{{"updater", "debian/updater"},
                    {"name", name},
                    {"description", "A flaw"},
                    {"issued", "2024-01-02T03:04:05Z"},
                    {"links", "https://security-tracker.test/" + name},
                    {"severity", "word"},
                    {"normalized_severity", severity},
                    {"fixed_in_version", severity == "High" ? "1:1.2.13-2" : ""}};
    };
    return {
        {"manifest_hash", manifest_digest()},
        {"packages", {{"1", {{"name", "zlib1g"}, {"version", "1:1.2.13-1"}, {"kind", "binary"}}}}},
        {"distributions",
         {{"4", {{"did", "debian"}, {"version", "12 (bookworm)"}, {"version_id", "12"}}}}},
        {"repository", json::object()},
        {"environments",
         {{"1",
           {{{"package_db", "var/lib/dpkg/status"},
             {"introduced_in", image::Digest::of("layer").text()},
             {"distribution_id", "4"},
             {"repository_ids", nullptr}}}}}},
        {"vulnerabilities",
         {{"7", vulnerability("CVE-2024-0001", "High")},
          {"8", vulnerability("CVE-2024-0002", "Unknown")}}},
        {"package_vulnerabilities", {{"1", {"7", "8"}}}},
        {"enrichments", json::object()}};
}

/// `roxctl image scan -o json` of a newer version: one CVE in two components, another in one.
inline nlohmann::json roxctl_sample() {
    using nlohmann::json;
    auto const entry = [](std::string const& id,
                          std::string const& severity,
                          double score,
                          std::string const& component,
                          std::string const& fixed) {
        return json{{"cveId", id},
                    {"cveSeverity", severity},
                    {"cveCVSS", score},
                    {"cveInfo", "https://nvd.test/" + id},
                    {"advisoryId", ""},
                    {"advisoryInfo", ""},
                    {"componentName", component},
                    {"componentVersion", "1.0"},
                    {"componentFixedVersion", fixed}};
    };
    json report{{"result",
                 {{"summary",
                   {{"CRITICAL", 1},
                    {"IMPORTANT", 0},
                    {"LOW", 0},
                    {"MODERATE", 1},
                    {"TOTAL-COMPONENTS", 2},
                    {"TOTAL-VULNERABILITIES", 2}}},
                  {"vulnerabilities",
                   {entry("CVE-2024-0001", "CRITICAL", 9.8, "apt", "1.3"),
                    entry("CVE-2024-0001", "CRITICAL", 9.8, "bash", ""),
                    entry("CVE-2024-0002", "MODERATE", 0, "bash", "")}}}}};
    report["result"]["vulnerabilities"][0]["advisoryId"] = "RHSA-2024:0001";
    return report;
}

/// StackRox's image: openssl of Debian 12 has a finding, requests of PyPI one of unknown severity.
inline nlohmann::json central_sample() {
    using nlohmann::json;
    return {{"id", manifest_digest()},
            {"name",
             {{"registry", "quay.io"},
              {"remote", "team/app"},
              {"tag", "1"},
              {"fullName", "quay.io/team/app:1"}}},
            {"metadata", {{"layerShas", json::array()}}},
            {"scan",
             {{"scannerVersion", "4.6.0"},
              {"scanTime", "2026-01-02T03:04:05Z"},
              {"operatingSystem", "debian:12"},
              {"components",
               {{{"name", "openssl"},
                 {"version", "3.0.1"},
                 {"architecture", "amd64"},
                 {"vulns",
                  {{{"cve", "CVE-2024-0001"},
                    {"cvss", 7.5},
                    {"summary", "A flaw"},
                    {"link", "https://nvd.test/CVE-2024-0001"},
                    {"fixedBy", "3.0.2"},
                    {"scoreVersion", "V3"},
                    {"cvssV3", {{"vector", "CVSS:3.1/AV:N"}, {"score", 7.5}}},
                    {"publishedOn", "2024-01-02T03:04:05Z"},
                    {"severity", "LOW_VULNERABILITY_SEVERITY"}}}}},
                {{"name", "requests"},
                 {"version", "2.30.0"},
                 {"source", "PYTHON"},
                 {"vulns", {{{"cve", "CVE-2024-0002"}, {"cvss", 9.8}}}}},
                {{"name", "bash"}, {"version", "5"}}}}}}};
}

} // namespace clairgate::test
