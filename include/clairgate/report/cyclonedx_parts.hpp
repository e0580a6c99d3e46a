#pragma once

#include <clairgate/report/json_writer.hpp>
#include <clairgate/report/record.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// The larger members of a CycloneDX document, each with its own file.
namespace clairgate::report::cyclonedx {

/// The packages that have findings, each once per platform and layer, with a bom-ref that is its
/// purl wherever that is enough to tell it from the others.
class Components {
  public:
    /// The record must outlive it.
    explicit Components(Record const& record);
    /// The bom-ref of the package that finding `i` is about.
    std::string_view ref(std::size_t i) const { return all_[of_finding_[i]].ref; }
    void write(JsonWriter& json) const;

  private:
    struct Component {
        std::size_t finding; ///< the first of its findings
        std::string ref;
        bool has_purl = false;
    };
    void write_one(JsonWriter& json, Component const& component) const;
    void write_properties(JsonWriter& json, Component const& component) const;

    Record const& record_;
    std::vector<Component> all_;
    std::vector<std::uint32_t> of_finding_;
};

/// A pair of `properties`.
void write_property(JsonWriter& json, std::string_view name, std::string_view value);
/// The same, nothing when the value is empty.
void write_known(JsonWriter& json, std::string_view name, std::string_view value);

/// The bom-ref of the image.
std::string image_ref(Record const& record);
void write_metadata(JsonWriter& json, Record const& record);
void write_vulnerabilities(JsonWriter& json, Record const& record, Components const& components);

} // namespace clairgate::report::cyclonedx
