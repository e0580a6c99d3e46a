#pragma once

#include <clairgate/base/result.hpp>
#include <clairgate/clair/json_object.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace clairgate::clair {

/// The members of one JSON object by key, as views into its text: 40 bytes a member, whatever the
/// values hold, and no hash that chosen keys could make slow.
class MemberIndex {
  public:
    /// `section` is an object's text; "" and null have no members. Refuses duplicate keys. Kind
    /// protocol.
    static Result<MemberIndex> of(std::string_view section);
    /// The same for the value at the cursor, which is stepped over.
    static Result<MemberIndex> at(JsonCursor& cursor);

    std::size_t size() const { return members_.size(); }
    std::string_view key(std::size_t position) const { return members_[position].key; }
    std::string_view value(std::size_t position) const { return members_[position].value; }
    static constexpr auto absent = static_cast<std::size_t>(-1);
    /// The member's position, or `absent`. Positions are in the order of the keys.
    std::size_t find(std::string_view key) const;

  private:
    struct Member {
        std::uint64_t start; ///< the key's first eight bytes as a number that sorts as they do
        std::string_view key;
        std::string_view value;
    };
    static bool less(Member const& member, Member const& other);
    std::vector<Member> members_;
};

} // namespace clairgate::clair
