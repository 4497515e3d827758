// An erase of the board's own flash in slices, for rp2_flash.c (tools/build/erasing.py), on the RP2040.
//
// No code that lies in the flash runs while the chip erases: 45 ms as a rule, 400 ms at worst. A chip of Winbond
// suspends an erase (W25QxxJV 8.2.16), and then all other sectors can be read, and programmed. So an erase is given
// some milliseconds at a time, by code in RAM without interrupts, and the program runs between them. Of another maker's
// chip the first slice takes the whole erase.
//
// One erase is under way at most. Another erase, and a read or program of the sector that is being erased, waits for its
// end. A reset may leave a chip suspended: the first access to the flash resumes that erase.

#include "hardware/structs/io_qspi.h"
#include "hardware/structs/timer.h"
#include "pico/bootrom.h"

#define ERASE_SLICE_US (3000) // of an erase that somebody waits for
#define ERASE_MOST_US (1000000) // of the chip's time; an erase that then is not over is suspended no more
#define ERASE_TO_THE_END (UINT32_MAX)

#define CHIP_WINBOND (0xef)
#define CHIP_BUSY (0x01) // of status 1
#define CHIP_SUSPENDED (0x80) // of status 2

// Commands with their address or a byte for the answer.
#define CHIP_STATUS (0x0500)
#define CHIP_STATUS_2 (0x3500)
#define CHIP_IDENTITY (0x9f00)
#define CHIP_ENABLE (0x06)
#define CHIP_ERASE (0x20000000)
#define CHIP_SUSPEND (0x75)
#define CHIP_RESUME (0x7a)

// of the SDK's flash.c
void flash_init_boot2_copyout(void);
void flash_enable_xip_via_boot2(void);

static uint32_t begin_critical_flash_section(void);
static void end_critical_flash_section(uint32_t state);

typedef enum {
    ERASE_UNKNOWN, // what a program before this one has left
    ERASE_NONE,
    ERASE_WANTED,
    ERASE_SUSPENDED,
} erase_state_t;

static struct {
    erase_state_t state;
    uint32_t sector; // its first byte
    uint32_t spent_us; // of the chip's time
    bool between; // whether what is called between slices is running
} flash_erase;

// Called between the slices of an erase that somebody waits for.
MP_REGISTER_ROOT_POINTER(mp_obj_t flash_erase_between);

static void __no_inline_not_in_flash_func(chip_select)(uint32_t override) {
    hw_write_masked(&io_qspi_hw->io[1].ctrl, override << IO_QSPI_GPIO_QSPI_SS_CTRL_OUTOVER_LSB,
        IO_QSPI_GPIO_QSPI_SS_CTRL_OUTOVER_BITS);
}

// Sends the low `count` bytes of `bytes`, the highest first; the answer to the last one.
static uint32_t __no_inline_not_in_flash_func(chip_command)(uint32_t bytes, int count) {
    chip_select(IO_QSPI_GPIO_QSPI_SS_CTRL_OUTOVER_VALUE_LOW);
    for (int i = count - 1; i >= 0; i--) {
        ssi_hw->dr0 = bytes >> 8 * i & 0xff;
    }
    uint32_t answer = 0;
    for (int i = 0; i < count; i++) {
        while (!(ssi_hw->sr & SSI_SR_RFNE_BITS)) {
        }
        answer = ssi_hw->dr0;
    }
    chip_select(IO_QSPI_GPIO_QSPI_SS_CTRL_OUTOVER_VALUE_HIGH);
    return answer;
}

// Lets the chip erase for `us` microseconds, or until it has finished. Interrupts are off.
static void __no_inline_not_in_flash_func(erase_run)(uint32_t us) {
    rom_connect_internal_flash_fn connect = (rom_connect_internal_flash_fn)rom_func_lookup_inline(ROM_FUNC_CONNECT_INTERNAL_FLASH);
    rom_flash_exit_xip_fn exit_xip = (rom_flash_exit_xip_fn)rom_func_lookup_inline(ROM_FUNC_FLASH_EXIT_XIP);
    rom_flash_flush_cache_fn flush = (rom_flash_flush_cache_fn)rom_func_lookup_inline(ROM_FUNC_FLASH_FLUSH_CACHE);
    flash_init_boot2_copyout();
    __compiler_memory_barrier();

    connect();
    exit_xip();
    bool suspends = (chip_command(CHIP_IDENTITY, 2) & 0xff) == CHIP_WINBOND;
    uint32_t began = timer_hw->timerawl;
    if (flash_erase.state == ERASE_WANTED) {
        chip_command(CHIP_ENABLE, 1);
        chip_command(CHIP_ERASE | flash_erase.sector, 4);
    } else if (flash_erase.state == ERASE_SUSPENDED || (suspends && chip_command(CHIP_STATUS_2, 2) & CHIP_SUSPENDED)) {
        chip_command(CHIP_RESUME, 1);
    }
    erase_state_t after = ERASE_NONE;
    bool asked = !suspends;
    while (chip_command(CHIP_STATUS, 2) & CHIP_BUSY) {
        if (!asked && timer_hw->timerawl - began >= us) {
            chip_command(CHIP_SUSPEND, 1);
            asked = true; // it is busy for 20 us more at most; one that does not suspend, until it has finished
        }
    }
    if (asked && suspends && chip_command(CHIP_STATUS_2, 2) & CHIP_SUSPENDED) {
        after = ERASE_SUSPENDED;
        // what the cache has stays true
        chip_select(IO_QSPI_GPIO_QSPI_SS_CTRL_OUTOVER_VALUE_NORMAL);
    } else {
        flush();
    }
    flash_enable_xip_via_boot2();
    flash_erase.state = after;
    flash_erase.spent_us += timer_hw->timerawl - began;
}

// Gives the erase that is under way a slice, none if that is 0; whether it goes on after that.
static bool erase_slice(uint32_t us) {
    if (us != 0 && flash_erase.state != ERASE_NONE) {
        if (flash_erase.state == ERASE_UNKNOWN || flash_erase.spent_us >= ERASE_MOST_US) {
            us = ERASE_TO_THE_END;
        }
        uint32_t interrupts = begin_critical_flash_section();
        erase_run(us);
        end_critical_flash_section(interrupts);
    }
    return flash_erase.state != ERASE_NONE;
}

// Calls what is to be called between slices. What it raises is raised when the file system is done.
static void erase_between(void) {
    mp_obj_t between = MP_STATE_VM(flash_erase_between);
    if (between == MP_OBJ_NULL || between == mp_const_none || flash_erase.between) {
        return;
    }
    flash_erase.between = true;
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        mp_call_function_0(between);
        nlr_pop();
    } else {
        mp_sched_exception(MP_OBJ_FROM_PTR(nlr.ret_val));
    }
    flash_erase.between = false;
}

// Finishes the erase that is under way.
static void erase_finish(void) {
    while (erase_slice(ERASE_SLICE_US)) {
        erase_between();
    }
}

// Finishes it before these bytes of the flash are read or programmed.
static void erase_finish_of(uint32_t start, uint32_t size) {
    if (flash_erase.state == ERASE_UNKNOWN
        || (start < flash_erase.sector + FLASH_SECTOR_SIZE && flash_erase.sector < start + size)) {
        erase_finish();
    }
}

// Wants a sector erased.
static void erase_ahead(uint32_t sector) {
    erase_finish();
    flash_erase.sector = sector;
    flash_erase.spent_us = 0;
    flash_erase.state = ERASE_WANTED;
}

static void erase_sector(uint32_t sector) {
    erase_ahead(sector);
    erase_finish();
}
