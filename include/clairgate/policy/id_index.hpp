#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace clairgate::policy {

/// Numbers by the ids of vulnerabilities, letters of either case alike. Filled once, then asked for
/// every name of every finding. Most names are not in it, and those cost one look at a slot.
class IdIndex {
  public:
    void add(std::string_view id, std::uint32_t number);
    /// What was added for the id, in that order.
    std::span<std::uint32_t const> find(std::string_view id) const;

  private:
    struct Entry {
        std::string id;
        std::vector<std::uint32_t> numbers;
    };
    struct Slot {
        std::uint32_t hash = 0;
        std::uint32_t entry = 0; ///< its index and one; 0: the slot is free
    };
    /// Where the id stands, or the free slot where it would.
    std::size_t slot_of(std::string_view id, std::uint32_t hash) const;
    void grow();

    std::vector<Entry> entries_;
    std::vector<Slot> slots_; // a power of two of them, at most half taken; a taken one gives way
                              // to the next
};

} // namespace clairgate::policy
