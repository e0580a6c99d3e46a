#include <clairgate/base/text.hpp>
#include <clairgate/clair/json_object.hpp>
#include <clairgate/clair/member_index.hpp>

#include <algorithm>

namespace clairgate::clair {

Result<MemberIndex> MemberIndex::of(std::string_view section) {
    MemberIndex out;
    if (section.empty() || section == "null")
        return out;
    JsonObject object(section);
    while (TRY(object.next()))
        out.members_.emplace_back(object.key(), object.value());
    out.members_.shrink_to_fit();
    auto const less = [](auto const& a, auto const& b) { return a.first < b.first; };
    std::sort(out.members_.begin(), out.members_.end(), less);
    auto const twice =
        std::adjacent_find(out.members_.begin(),
                           out.members_.end(),
                           [](auto const& a, auto const& b) { return a.first == b.first; });
    if (twice != out.members_.end())
        return Error(ErrorKind::protocol, cat("JSON key twice: \"", twice->first, "\""));
    return out;
}

std::size_t MemberIndex::find(std::string_view key) const {
    auto const found = std::lower_bound(
        members_.begin(), members_.end(), key, [](auto const& member, std::string_view wanted) {
            return member.first < wanted;
        });
    bool const is_found = found != members_.end() && found->first == key;
    return is_found ? static_cast<std::size_t>(found - members_.begin()) : absent;
}

} // namespace clairgate::clair
