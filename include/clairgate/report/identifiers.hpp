#pragma once

#include <clairgate/report/record.hpp>

#include <string>
#include <string_view>

namespace clairgate::report {

/// The package URL of an image (purl-spec, type oci): "pkg:oci/shop@sha256%3A…?repository_url=…".
std::string image_purl(image::Repository const& repository, std::string_view digest);

/// Whether a text from outside has the form of a package URL and nothing but characters that a URI
/// may have (RFC 3986): it identifies as it stands, in any document.
bool is_plain_purl(std::string_view untrusted);

/// The package's own purl; where it has none that is plain, one of type generic, which no scanner
/// takes for another package.
std::string purl_of(finding::Package const& package);

/// "urn:uuid:…" (RFC 9562, version 8: a digest of what tells documents apart): the same for the
/// same record, so that `convert` writes what the run wrote, and another for each format, image,
/// run, policy and verdict.
std::string document_urn(Record const& record, std::string_view format);

} // namespace clairgate::report
