#pragma once

#include <compare>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace clairgate::policy {

/// A package URL (purl-spec), decoded and in its canonical form: what is the same package by the
/// rules of its type has equal members. Valid by construction.
class Purl {
  public:
    static constexpr std::size_t bytes_max = 4096;
    static constexpr std::size_t qualifiers_max = 32;

    /// Nothing when the text is no purl: no "pkg:", no name, a broken %XX, a bad or repeated
    /// qualifier, not UTF-8 once decoded, too long.
    static std::optional<Purl> parse(std::string_view text);

    std::string const& type() const { return type_; }            ///< "deb"
    std::string const& name_space() const { return namespace_; } ///< "debian", "org/example"
    std::string const& name() const { return name_; }
    std::string const& version() const { return version_; } ///< "" when none is given
    std::map<std::string, std::string, std::less<>> const& qualifiers() const {
        return qualifiers_;
    }
    std::string const& subpath() const { return subpath_; }
    /// The value of a qualifier, "" when it is not given (purl-spec has no empty ones).
    std::string_view qualifier(std::string_view key) const;

    /// Whether what this purl describes holds for `other`: the same type, namespace and name; the
    /// same version and subpath where this one gives them; each of its qualifiers among the
    /// other's.
    bool covers(Purl const& other) const;

    friend bool operator==(Purl const&, Purl const&) = default;

  private:
    Purl() = default;
    bool read(std::string_view text);
    bool read_qualifiers(std::string_view text);
    void make_canonical();

    std::string type_;
    std::string namespace_;
    std::string name_;
    std::string version_;
    std::map<std::string, std::string, std::less<>> qualifiers_;
    std::string subpath_;
};

} // namespace clairgate::policy
