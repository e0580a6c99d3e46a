#include <clairgate/base/text.hpp>
#include <clairgate/policy/id_index.hpp>

#include <cstring>

namespace clairgate::policy {

namespace {

constexpr std::size_t slots_at_first = 16;

std::uint64_t word_at(std::string_view text, std::size_t at) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + at, sizeof word);
    return word;
}

// Eight bytes at a time, the last eight perhaps once more: ids are short, and this is asked of all.
std::uint32_t hash_of(std::string_view id) {
    constexpr std::uint64_t lower = 0x2020202020202020; // letters of either case become one
    constexpr std::uint64_t prime = 0x9E3779B97F4A7C15;
    constexpr std::size_t step = sizeof prime;
    std::uint64_t hash = id.size();
    auto const mix = [&hash](std::uint64_t word) {
        hash = (hash ^ (word | lower)) * prime;
        hash ^= hash >> 32U;
    };
    if (id.size() < step) {
        for (char const c : id)
            mix(static_cast<unsigned char>(c));
    } else {
        for (std::size_t at = 0; at + step < id.size(); at += step)
            mix(word_at(id, at));
        mix(word_at(id, id.size() - step));
    }
    return static_cast<std::uint32_t>(hash * prime >> 32U); // the half that every byte is in
}

} // namespace

std::size_t IdIndex::slot_of(std::string_view id, std::uint32_t hash) const {
    auto const last = slots_.size() - 1;
    auto at = hash & last;
    auto const is_it = [&](Slot const& slot) {
        if (slot.hash != hash)
            return false;
        auto const& known = entries_[slot.entry - 1].id;
        return known == id || equals_ignoring_case(known, id);
    };
    while (slots_[at].entry != 0 && !is_it(slots_[at]))
        at = (at + 1) & last;
    return at;
}

void IdIndex::grow() {
    auto const old = std::move(slots_);
    slots_.assign(old.empty() ? slots_at_first : old.size() * 2, Slot{});
    auto const last = slots_.size() - 1;
    for (auto const& slot : old) {
        if (slot.entry == 0)
            continue;
        auto at = slot.hash & last;
        while (slots_[at].entry != 0)
            at = (at + 1) & last;
        slots_[at] = slot;
    }
}

void IdIndex::add(std::string_view id, std::uint32_t number) {
    if (entries_.size() * 2 >= slots_.size())
        grow();
    auto const hash = hash_of(id);
    auto& slot = slots_[slot_of(id, hash)];
    if (slot.entry == 0) {
        entries_.push_back({std::string(id), {}});
        slot = {hash, static_cast<std::uint32_t>(entries_.size())};
    }
    entries_[slot.entry - 1].numbers.push_back(number);
}

std::span<std::uint32_t const> IdIndex::find(std::string_view id) const {
    if (slots_.empty())
        return {};
    auto const& slot = slots_[slot_of(id, hash_of(id))];
    if (slot.entry == 0)
        return {};
    return entries_[slot.entry - 1].numbers;
}

} // namespace clairgate::policy
