#pragma once

#include <clairgate/base/result.hpp>

#include <cstddef>
#include <string_view>
#include <utility>
#include <vector>

namespace clairgate::clair {

/// The members of one JSON object by key, as views into its text: 32 bytes a member, whatever the
/// values hold, and no hash that chosen keys could make slow.
class MemberIndex {
  public:
    /// `section` is an object's text; "" and null have no members. Refuses duplicate keys. Kind
    /// protocol.
    static Result<MemberIndex> of(std::string_view section);

    std::size_t size() const { return members_.size(); }
    std::string_view key(std::size_t position) const { return members_[position].first; }
    std::string_view value(std::size_t position) const { return members_[position].second; }
    static constexpr auto absent = static_cast<std::size_t>(-1);
    /// The member's position, or `absent`. Positions are in the order of the keys.
    std::size_t find(std::string_view key) const;

  private:
    std::vector<std::pair<std::string_view, std::string_view>> members_;
};

} // namespace clairgate::clair
