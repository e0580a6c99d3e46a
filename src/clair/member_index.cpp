#include <clairgate/base/text.hpp>
#include <clairgate/clair/member_index.hpp>

#include <algorithm>

namespace clairgate::clair {

namespace {

// Keys lie all over a report; most comparisons are settled here without going to look at them.
std::uint64_t start_of(std::string_view key) {
    std::uint64_t start = 0;
    for (std::size_t i = 0; i < sizeof start; ++i)
        start = start << 8U | (i < key.size() ? static_cast<unsigned char>(key[i]) : 0U);
    return start;
}

} // namespace

bool MemberIndex::less(Member const& member, Member const& other) {
    return member.start != other.start ? member.start < other.start : member.key < other.key;
}

Result<MemberIndex> MemberIndex::of(std::string_view section) {
    if (section.empty())
        return MemberIndex();
    JsonCursor cursor(section);
    cursor.skip_space();
    auto out = TRY(at(cursor));
    TRY_VOID(cursor.end());
    return out;
}

Result<MemberIndex> MemberIndex::at(JsonCursor& cursor) {
    MemberIndex out;
    if (!cursor.is_at('{')) {
        if (TRY(cursor.value()) != "null")
            return cursor.broken("an object was expected");
        return out;
    }
    bool is_open = false;
    while (TRY(cursor.step(is_open, '{', '}'))) {
        auto const key = TRY(cursor.key());
        auto const value = TRY(cursor.value());
        out.members_.push_back({start_of(key), key, value});
    }
    out.members_.shrink_to_fit();
    if (!std::is_sorted(out.members_.begin(), out.members_.end(), less)) // Clair sorts them
        std::sort(out.members_.begin(), out.members_.end(), less);
    auto const twice =
        std::adjacent_find(out.members_.begin(),
                           out.members_.end(),
                           [](auto const& a, auto const& b) { return a.key == b.key; });
    if (twice != out.members_.end())
        return Error(ErrorKind::protocol, cat("JSON key twice: \"", twice->key, "\""));
    return out;
}

std::size_t MemberIndex::find(std::string_view key) const {
    auto const found =
        std::lower_bound(members_.begin(), members_.end(), Member{start_of(key), key, {}}, less);
    bool const is_found = found != members_.end() && found->key == key;
    return is_found ? static_cast<std::size_t>(found - members_.begin()) : absent;
}

} // namespace clairgate::clair
