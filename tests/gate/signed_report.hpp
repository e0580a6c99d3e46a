#pragma once

#include <clairgate/attest/bundle.hpp>
#include <clairgate/attest/statement.hpp>
#include <clairgate/attest/vuln.hpp>
#include <clairgate/image/subject.hpp>
#include <clairgate/report/report.hpp>
#include <clairgate/sign/key.hpp>

#include <map>
#include <string>
#include <string_view>
#include <support/temp_dir.hpp>

namespace clairgate::test {

/// A fresh key pair with a file for each half; the private one is not encrypted.
class KeyPair {
  public:
    KeyPair();
    sign::PublicKey public_key() const { return key_.public_key(); }
    std::string private_file() const { return (folder_.path() / "release.key").string(); }
    std::string public_file() const { return (folder_.path() / "release.pub").string(); }
    attest::Bundle sign(std::string statement) const;

  private:
    TempDir folder_;
    sign::PrivateKey key_;
};

/// When the scans of these tests end, unless they say otherwise.
SystemTime scan_time();

/// "reg.example/app" with this digest.
image::Reference image_of(image::Digest digest);

/// What a report says.
struct Says {
    std::string verdict = "pass"; ///< "pass", "warn", "block" or "undecided"
    SystemTime finished = scan_time();
    std::map<std::string, std::string> context{};
    bool is_trusted = true;
    bool is_enforced = true;
    image::Reference image = image_of(image::Digest::of("manifest"));
};
/// A report of an image with one manifest, made under the built-in policy.
report::Report report_that(Says const& says);

/// What a scan statement says beside its report, by the book.
attest::ScanFacts facts_of(report::Report const& report);
/// The statement about the report's image: by default with the predicate of a scan.
std::string statement_of(report::Report const& report,
                         std::string_view type = attest::predicate_type::vuln,
                         std::string predicate = "");

/// That statement signed, as it is stored: one line of JSON.
std::string bundle_of(report::Report const& report, KeyPair const& key);
std::string envelope_of(report::Report const& report, KeyPair const& key);

/// The image of a report as a registry would resolve it.
image::Subject subject_of(report::Report const& report, std::uint64_t size_bytes = 100);
/// One of its platforms.
image::PlatformImage
platform_image(std::string_view platform, image::Digest digest, std::uint64_t size_bytes);

} // namespace clairgate::test
