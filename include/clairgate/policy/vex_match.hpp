#pragma once

#include <clairgate/policy/vex.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace clairgate::policy {

/// Whether a statement is about this package in this image. `repository`: "registry/path", as
/// image::Repository spells it; `digest`: "sha256:…", of the manifest or its index; `package_purl`:
/// "" when it cannot be formed; `platform`: "linux/arm64", "" when not known.
///
/// A product names the image as a digest or as purl type oci: by version (the digest), or without
/// one by `repository_url`; its `arch` must be the platform's. Where there are subcomponents, one
/// must cover the package. A product that is a package's purl is about that package in any image,
/// unless it has subcomponents. Whatever is not understood does not match.
bool vex_applies(VexStatement const& statement,
                 std::string_view repository,
                 std::string_view digest,
                 std::string_view package_purl,
                 std::string_view platform = {});

/// The statements of all documents by vulnerability. Refers to the documents, which must outlive it
/// and stay as they are.
class VexIndex {
  public:
    explicit VexIndex(std::span<VexDocument const> documents);

    /// The statement that counts for a vulnerability (its id and aliases, in any case) of this
    /// package in this image, or null when none applies: of those that do, the latest one; of equal
    /// times the last one in the documents' order. A statement without a time is older than all
    /// others when it suppresses, else newer.
    VexStatement const* effective(std::span<std::string const> ids,
                                  std::string_view repository,
                                  std::string_view digest,
                                  std::string_view package_purl,
                                  std::string_view platform = {}) const;
    /// The same for an image that has several digests (its index, the platform's manifest): a
    /// statement applies by any of them, and the latest of all counts. Asking for each digest
    /// alone would miss that a later statement by another one takes the earlier back.
    VexStatement const* effective(std::span<std::string const> ids,
                                  std::string_view repository,
                                  std::span<std::string const> digests,
                                  std::string_view package_purl,
                                  std::string_view platform = {}) const;

  private:
    std::vector<VexStatement const*> statements_;            ///< oldest first
    std::vector<std::pair<std::string, std::size_t>> by_id_; ///< lower case id, index; sorted
};

} // namespace clairgate::policy
