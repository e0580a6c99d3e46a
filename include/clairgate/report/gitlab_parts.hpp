#pragma once

#include <clairgate/report/alerts.hpp>
#include <clairgate/report/json_writer.hpp>

#include <span>
#include <string>
#include <string_view>

/// The parts of a container scanning report, each with its own file.
namespace clairgate::report {

/// The distribution as GitLab spells it, "debian:12"; for a package of a language its ecosystem,
/// "pypi": findings are tracked by it, and such a package does not change with the base image.
/// Not escaped; "unknown" when the scan does not say.
std::string operating_system(finding::Finding const& finding);

/// A UUID (RFC 9562 section 5.8, version 8) of the first bytes of an `alert_digest`.
std::string uuid_of(std::string_view digest);

/// Whether a CVSS vector of version 2 or 3 has every base metric once and nothing but known ones.
/// One that has not would make GitLab refuse the whole report; it knows no version 4.
bool is_gitlab_cvss_vector(std::string_view untrusted);

void write_gitlab_vulnerabilities(JsonWriter& json,
                                  Record const& record,
                                  Alerts const& alerts,
                                  std::span<Alert const> shown);

} // namespace clairgate::report
