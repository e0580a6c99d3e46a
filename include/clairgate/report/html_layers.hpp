#pragma once

#include <clairgate/report/record.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace clairgate::report {

/// A layer of the image as the page lists it.
struct HtmlLayer {
    std::string_view digest;
    std::string_view platform; ///< the first one that has it
    std::string_view instruction;
    std::size_t findings = 0;
    std::optional<bool> is_base; ///< nothing: not known
};

/// The layers that the image's config or a finding names, base first where the config tells.
class HtmlLayers {
  public:
    explicit HtmlLayers(Record const& record);
    std::vector<HtmlLayer> const& all() const { return layers_; }
    /// Of the layer that brought it in.
    std::optional<std::uint32_t> place_of(finding::Finding const& finding) const;

  private:
    HtmlLayer& at(std::string_view digest, std::string_view platform);
    void complete_base(Record const& record);

    std::vector<HtmlLayer> layers_;
    std::unordered_map<std::string_view, std::uint32_t> places_;
};

} // namespace clairgate::report
